package dev.millrace.infer;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Format;
import dev.millrace.core.Keep;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.SourceReading;
import dev.millrace.core.UnknownColumns;
import dev.millrace.validate.HeaderMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// What the records of some sources are, column by column: the columns of all of them, in the order
/// in which they first come. The sources are added one after the other. Not thread-safe.
final class Profile {
    /// So many columns may come behind a source's first records: who has more uses keys as values.
    private static final int MOST_LATE = 100;

    private static final int MOST_LEFT_OUT = 1_000;
    private static final int SHOWN_LEFT_OUT = 20;

    private final List<FieldProfile> columns = new ArrayList<>();
    private final List<SourceProfile> sources = new ArrayList<>();
    private final SourceNames names = new SourceNames();
    private final Tally damaged = new Tally();

    /// Keys that no column was made for.
    private final Set<String> leftOut = new LinkedHashSet<>();

    private final Set<String> refused = new HashSet<>();
    private int late;

    /// Goes on to a source.
    ///
    /// @param isNamed whether its fields are told by their names, not by their places
    /// @throws MillraceException HEADER_MISSING_COLUMN when it has nothing of the sources before,
    ///   HEADER_AMBIGUOUS when a name may mean two columns, here or there; INVALID_MODEL when there
    ///   are too many columns
    SourceProfile begin(String name, SourceReading reading, boolean isNamed) {
        var places = new FieldPlaces(columns, sources, reading);
        var columnOf = isNamed ? places.byName() : places.byPlace();
        var isTyped = reading.format() == Format.PARQUET || reading.format() == Format.AVRO;
        var added = Arrays.stream(columnOf).filter(column -> column < 0).count();
        requireFew(columns.size() + added);
        var most = Distinct.most((int) (columns.size() + added));
        for (var i = 0; i < columnOf.length; i++) {
            if (columnOf[i] < 0) {
                requireNotLeftOut(reading.header().get(i));
                columnOf[i] = columns.size();
                columns.add(new FieldProfile(reading.header().get(i), most, names));
            }
            columns.get(columnOf[i]).fields().begin(isTyped);
        }
        names.add(name);
        if (!sources.isEmpty()) {
            sources.getLast().end();
        }
        var source = new SourceProfile(this, sources.size(), name, shared(reading), columnOf);
        sources.add(source);
        return source;
    }

    /// A load would take the keys that were left out of a source before for those of the column.
    private void requireNotLeftOut(String name) {
        if (leftOut.stream().anyMatch(HeaderMatch.alike(List.of(name)))) {
            throw new MillraceException(
                    ErrorCode.HEADER_AMBIGUOUS,
                    "It has the column '%s', and late records of a source before it have that key, for which no column could be made"
                            .formatted(name),
                    "Put this source first.",
                    null);
        }
    }

    /// Sources that are alike have one header in memory.
    private SourceReading shared(SourceReading reading) {
        var before = sources.isEmpty() ? List.<String>of() : sources.getLast().reading().header();
        return reading.header().equals(before) ? reading.with(before) : reading;
    }

    /// Before the memory for so many is taken.
    private static void requireFew(long columns) {
        if (columns > ModelDefinition.MAX_COLUMNS) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The source has %,d columns, and a model %,d at most"
                            .formatted(columns, ModelDefinition.MAX_COLUMNS));
        }
    }

    List<SourceProfile> sources() {
        return sources;
    }

    ColumnProfile fields(int column) {
        return columns.get(column).fields();
    }

    /// The names of the fields of all columns.
    List<String> fieldNames() {
        return columns.stream().map(FieldProfile::name).toList();
    }

    /// Makes room for a key that comes behind a source's first records.
    ///
    /// @param id the identity of the first row that has it
    /// @return its column, or -1 when there is none
    int columnOfLate(String key, long id) {
        var known = fieldNames().indexOf(key);
        if (known >= 0) {
            return known;
        }
        if (late == MOST_LATE
                || columns.size() == ModelDefinition.MAX_COLUMNS
                || !ColumnNames.isOne(key)) {
            leaveOut(key);
            return -1;
        }
        late++;
        columns.add(new FieldProfile(key, Distinct.most(columns.size() + 1), names).firstIn(id));
        return columns.size() - 1;
    }

    /// A record has a key that means a column and is spelled otherwise.
    void refuse(String key) {
        if (refused.size() < MOST_LEFT_OUT && refused.add(key)) {
            var alike = HeaderMatch.alike(List.of(key));
            columns.stream().filter(c -> alike.test(c.name())).forEach(c -> c.isCalled(key));
        }
    }

    private void leaveOut(String key) {
        if (leftOut.size() < MOST_LEFT_OUT) {
            leftOut.add(key);
        }
    }

    /// Whether no column will be made for a key, which is noted.
    boolean isLeftOut(String key) {
        if (late == MOST_LATE) {
            leaveOut(key);
        }
        return leftOut.contains(key) || leftOut.size() == MOST_LEFT_OUT;
    }

    /// Adds a record that cannot be read.
    void addDamaged(byte[] bytes, int start, int end, long id) {
        damaged.add(bytes, start, end, id);
    }

    private long rows() {
        return sources.stream().mapToLong(SourceProfile::rows).sum();
    }

    Proposal propose() {
        var spelled = ColumnNames.of(fieldNames());
        var whole = rows() - damaged.count;
        var lacking = lacking();
        var narrow =
                IntStream.range(0, columns.size())
                        .mapToObj(i ->
                                columns.get(i)
                                        .propose(
                                                spelled.get(i),
                                                whole,
                                                lacking.getOrDefault(i, List.of())))
                        .toList();
        var proposed = Widening.of(narrow);
        var order = OrderChoice.of(proposed);
        var id = OrderChoice.id(proposed);
        var definition =
                new ModelDefinition(
                        proposed.stream().map(ColumnProposal::column).toList(),
                        null,
                        false,
                        id.map(c -> c.column().name()).orElse(null),
                        List.of(),
                        Keep.ALL,
                        order.columns(),
                        null,
                        UnknownColumns.IGNORE);
        return new Proposal(
                definition,
                proposed.stream().map(ColumnProposal::evidence).toList(),
                sources.stream().map(source -> source.evidence(definition.columns())).toList(),
                rows(),
                damaged.count,
                damaged.examples(),
                rejected(proposed),
                order.why(),
                notes());
    }

    /// By the place of a column, the sources that have no such one.
    private Map<Integer, List<Integer>> lacking() {
        var lacking = new HashMap<Integer, List<Integer>>();
        for (var i = 0; i < sources.size(); i++) {
            var source = i;
            sources.get(i)
                    .absent(columns.size())
                    .forEach(column ->
                            lacking.computeIfAbsent(column, _ -> new ArrayList<>()).add(source));
        }
        return lacking;
    }

    /// A row with two misfits is one; of a column with more than are kept every further field is
    /// taken for a row.
    private long rejected(List<ColumnProposal> proposed) {
        var misfits = proposed.stream().flatMap(c -> c.misfits().stream()).toList();
        var known = new HashSet<Long>();
        var more = damaged.count;
        for (var tally : misfits) {
            Arrays.stream(tally.rows()).forEach(known::add);
            more += Math.max(0, tally.count - Tally.MOST_ROWS);
        }
        return Math.min(rows(), known.size() + more);
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        if (damaged.count > 0) {
            notes.add(
                    damaged.count == 1
                            ? "One record cannot be read, or has more or fewer fields than the"
                                    + " header; it will be rejected."
                            : ("%,d records cannot be read, or have more or fewer fields than the"
                                            + " header; they will be rejected.")
                                    .formatted(damaged.count));
        }
        if (!leftOut.isEmpty()) {
            notes.add(
                    "Keys that the first records do not have are left out: %s%s. Add them to the"
                                    .formatted(
                                            String.join(
                                                    ", ",
                                                    leftOut.stream()
                                                            .limit(SHOWN_LEFT_OUT)
                                                            .toList()),
                                            leftOut.size() > SHOWN_LEFT_OUT ? " and others" : "")
                            + " model, Nullable or with a default, to load their values.");
        }
        return notes;
    }
}
