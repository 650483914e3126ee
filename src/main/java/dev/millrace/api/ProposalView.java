package dev.millrace.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Column;
import dev.millrace.core.Rejection;
import dev.millrace.core.SourceReading;
import dev.millrace.infer.ColumnEvidence;
import dev.millrace.infer.Example;
import dev.millrace.infer.Preview;
import dev.millrace.infer.Proposal;
import dev.millrace.infer.SourceEvidence;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Proposed models and previews as callers see them.
final class ProposalView {
    private static final String DEFAULT_NAME = "model";
    private static final int NAME_CHARACTERS = 100;

    private ProposalView() {}

    /// @param sourceName what the source is called, or null
    static ObjectNode of(Proposal proposal, @Nullable String sourceName) {
        var view = Json.object();
        var model = view.putObject("model").put("name", modelName(sourceName));
        model.set("schema", ModelSchema.view(proposal.definition()));
        view.set("reading", reading(proposal.reading()));
        view.set("sources", Json.array(proposal.sources(), ProposalView::source));
        view.put("rows", proposal.rows())
                .put("damaged", proposal.damaged())
                .put("rejected", proposal.rejected());
        view.set("damagedExamples", examples(proposal.damagedExamples()));
        view.put("orderedBy", proposal.orderedBy());
        var columns = view.putArray("columns");
        for (var i = 0; i < proposal.columns().size(); i++) {
            columns.add(column(proposal.definition().columns().get(i), proposal.columns().get(i)));
        }
        view.set("notes", Json.texts(proposal.notes()));
        return view;
    }

    /// The source's name up to its first point, as far as a model can be called so.
    private static String modelName(@Nullable String sourceName) {
        if (sourceName == null) {
            return DEFAULT_NAME;
        }
        var stem = sourceName.replaceFirst("(?<=.)\\..*", "");
        var name = stem.replaceAll("[^\\p{L}\\p{N}_-]+", "_").replaceAll("^[_-]+|[_-]+$", "");
        if (name.isEmpty() || name.equals("last")) {
            return DEFAULT_NAME;
        }
        return name.codePointCount(0, name.length()) <= NAME_CHARACTERS
                ? name
                : name.substring(0, name.offsetByCodePoints(0, NAME_CHARACTERS));
    }

    private static ObjectNode source(SourceEvidence source) {
        var view = Json.object().put("name", source.name());
        view.set("reading", reading(source.reading()));
        view.put("rows", source.rows()).put("damaged", source.damaged());
        view.set("absentColumns", Json.texts(source.absent()));
        return view;
    }

    private static ObjectNode reading(SourceReading reading) {
        var view = Json.object();
        JobView.found(view, reading);
        view.put("hasHeader", reading.hasHeader());
        view.set("header", Json.texts(reading.header()));
        return view;
    }

    private static ObjectNode column(Column column, ColumnEvidence evidence) {
        var view =
                Json.object()
                        .put("name", column.name())
                        .put("field", evidence.field())
                        .put("type", column.type().name())
                        .put("why", evidence.why())
                        .put("excluded", evidence.excluded())
                        .put("values", evidence.values())
                        .put("empty", evidence.empty())
                        .put("absent", evidence.absent());
        var nulls = view.putObject("nulls");
        new TreeMap<>(evidence.nulls()).forEach(nulls::put);
        view.put("distinct", evidence.distinctIsExact() ? (Integer) evidence.distinct() : null)
                .put("distinctMoreThan", distinctMoreThan(evidence))
                .put("least", evidence.least())
                .put("greatest", evidence.greatest())
                .put("longestBytes", evidence.longest())
                .put("misfits", evidence.misfits());
        view.set("examples", examples(evidence.examples()));
        view.set("notes", Json.texts(evidence.notes()));
        return view;
    }

    private static @Nullable Integer distinctMoreThan(ColumnEvidence evidence) {
        return evidence.distinctIsExact() ? null : (Integer) (evidence.distinct() - 1);
    }

    private static ArrayNode examples(List<Example> examples) {
        return Json.array(
                examples,
                example ->
                        Json.object()
                                .put("source", example.source())
                                .put("row", example.row())
                                .put("text", example.text()));
    }

    static ObjectNode of(Preview preview) {
        var view = Json.object();
        view.set("reading", reading(preview.reading()));
        view.put("whole", preview.isWhole());
        view.put("inferred", preview.proposal() != null);
        view.set("schema", ModelSchema.view(preview.definition()));
        view.set("ignoredColumns", Json.texts(preview.ignored()));
        view.set(
                "columns",
                Json.array(
                        preview.definition().columns(),
                        column ->
                                Json.object()
                                        .put("name", column.name())
                                        .put("type", column.type().name())));
        view.set("rows", Json.array(preview.rows(), ProposalView::row));
        return view;
    }

    private static ObjectNode row(Preview.Row row) {
        var view = Json.object().put("row", row.row()).put("stored", row.isStored());
        var cells = view.putArray("cells");
        row.cells().forEach(cells::add);
        view.set("problems", Json.array(row.problems(), ProposalView::problem));
        return view;
    }

    private static ObjectNode problem(Rejection problem) {
        return Json.object()
                .put("column", problem.column())
                .put("error", problem.error().name())
                .put("observed", problem.observed())
                .put("message", problem.message());
    }
}
