package dev.millrace.validate;

import dev.millrace.core.Batch;
import dev.millrace.core.RejectedRecords;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCount;
import java.util.List;

/// What became of the records of one split: `read` = `batch.rows()` + `rejected`.
///
/// @param batch the good rows; its arrays belong to the caller
/// @param rejections the problems that are kept, the first ones, in the order of the rows
/// @param records the rejected records that these problems are about
/// @param read records read
/// @param rejected rows with at least one problem
/// @param counts all problems by code and column, also of those that are not kept
public record Validated(
        Batch batch,
        List<Rejection> rejections,
        RejectedRecords records,
        long read,
        long rejected,
        List<RejectionCount> counts) {
    public Validated {
        rejections = List.copyOf(rejections);
        counts = List.copyOf(counts);
    }
}
