package dev.millrace.models;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelVersion;
import dev.millrace.core.Sink;
import dev.millrace.validate.Validator;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Models and the tables behind them. A model whose table cannot take its rows is taken back.
/// Thread-safe.
public final class Models {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,127}");
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(30);
    private static final int MOST_VERSIONS = 1000;

    private final Catalog catalog;
    private final Sink sink;

    public Models(Catalog catalog, Sink sink) {
        this.catalog = catalog;
        this.sink = sink;
    }

    /// Makes a model and its table, unless the same request has made them.
    ///
    /// @param request names the request when it may be repeated, or null
    /// @throws MillraceException INVALID_MODEL, MODEL_EXISTS, TABLE_NOT_OURS, MODEL_CHANGE_REFUSED
    public Model create(
            String name, ModelDefinition definition, String owner, @Nullable UUID request) {
        if (!NAME.matcher(name).matches() || name.equals("last")) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "'%s' cannot name a model".formatted(name),
                    "Use 1 to 128 letters, digits, spaces, '.', '_' and '-', beginning with a"
                            + " letter or digit; 'last' is kept for the newest job.",
                    null);
        }
        Validator.check(definition);
        var model = catalog.models().create(name, definition, owner, request);
        try {
            catalog.locked(model.table(), LOCK_LIMIT, () -> sink.prepare(model));
        } catch (MillraceException e) {
            takeBack(model, e);
            throw e;
        }
        return model;
    }

    /// By public id or name.
    ///
    /// @throws MillraceException NOT_FOUND
    public Model get(String idOrName) {
        return catalog.models()
                .find(idOrName)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                "There is no model '%s'".formatted(idOrName),
                                "millrace model list shows the models.",
                                null));
    }

    /// The model of an id or name, or else one whose rows go into the table of that name.
    public Optional<Model> into(String table) {
        var named = catalog.models().find(table);
        return named.isPresent() ? named : catalog.models().ofTable(table).stream().findFirst();
    }

    /// Ordered by name, after a name.
    public List<Model> list(@Nullable String afterName, int limit) {
        return catalog.models().list(afterName, limit);
    }

    /// One version of a model.
    ///
    /// @throws MillraceException NOT_FOUND
    public Model get(String idOrName, int version) {
        var model = get(idOrName);
        return catalog.models()
                .version(model.id(), version)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                "Model '%s' has no version %d".formatted(model.name(), version),
                                "Its versions are 1 to %d.".formatted(model.version()),
                                null));
    }

    /// When a model's versions were recorded, newest first, the newest thousand of them.
    public List<ModelVersion> versions(Model model) {
        return catalog.models().versions(model.id(), MOST_VERSIONS);
    }

    /// What an update has done.
    ///
    /// @param model as it is now
    /// @param changes what is otherwise than before, a sentence each; empty when nothing is, and
    ///   then there is no new version
    public record Updated(Model model, List<String> changes) {}

    /// Makes a new version, once the table has been brought to it, all of it under the table's
    /// lock. Running jobs keep the version that they began with. An update that changes nothing
    /// still makes a table that is gone.
    ///
    /// @param seen the version that the caller knows, or null for any
    /// @throws MillraceException NOT_FOUND; MODEL_CHANGED when it has another version by now;
    ///   MODEL_CHANGE_REFUSED when the table would have to change in another way than by new
    ///   optional columns
    public Updated update(String idOrName, @Nullable Integer seen, ModelDefinition definition) {
        Validator.check(definition);
        var known = get(idOrName);
        return locked(
                known.table(),
                () -> updateLocked(get(known.id().uuid().toString()), seen, definition));
    }

    private Updated updateLocked(
            Model present, @Nullable Integer seen, ModelDefinition definition) {
        if (seen != null && seen != present.version()) {
            throw new MillraceException(
                    ErrorCode.MODEL_CHANGED,
                    "Model '%s' has version %d by now, not %d"
                            .formatted(present.name(), present.version(), seen),
                    "Read the model again, and change what it is now.",
                    null);
        }
        var next =
                new Model(
                        present.id(),
                        present.name(),
                        present.version() + 1,
                        definition,
                        present.owner(),
                        present.workspace(),
                        present.createdAt());
        var changes = ModelChanges.between(present, next);
        if (changes.isEmpty()) {
            sink.prepare(present);
            return new Updated(present, List.of());
        }
        var before = sink.prepare(next);
        return new Updated(
                catalog.models().update(present.id(), present.version(), definition),
                changes.sentences(before));
    }

    /// Removes a model; its table and rows stay.
    ///
    /// @return the model as it was
    /// @throws MillraceException NOT_FOUND, MODEL_IN_USE
    public Model delete(String idOrName) {
        var model = get(idOrName);
        catalog.models().delete(model.id(), () -> {});
        return model;
    }

    /// Removes a model, and its table with every row in it. When the table cannot be dropped the
    /// model stays.
    ///
    /// @return the model as it was
    /// @throws MillraceException NOT_FOUND, MODEL_IN_USE; TABLE_IN_USE when another model's rows go
    ///   into the table; TABLE_NOT_OURS
    public Model deleteWithTable(String idOrName) {
        var known = get(idOrName);
        return locked(
                known.table(),
                () -> {
                    var model = get(known.id().uuid().toString());
                    catalog.models()
                            .delete(
                                    model.id(),
                                    () -> {
                                        requireAlone(model);
                                        sink.drop(model);
                                        catalog.jobs().releaseClaims(model.table());
                                    });
                    return model;
                });
    }

    private void requireAlone(Model model) {
        catalog.models().ofTable(model.table()).stream()
                .filter(other -> !other.id().equals(model.id()))
                .findFirst()
                .ifPresent(other -> {
                    throw new MillraceException(
                            ErrorCode.TABLE_IN_USE,
                            "The rows of model '%s' go into the table '%s' too"
                                    .formatted(other.name(), model.table()),
                            "Delete that model first, or this one without its table.",
                            null);
                });
    }

    private void takeBack(Model model, MillraceException why) {
        try {
            catalog.models().delete(model.id(), () -> {});
        } catch (MillraceException e) {
            why.addSuppressed(e);
        }
    }

    private <T> T locked(String table, Supplier<T> action) {
        var result = new AtomicReference<@Nullable T>();
        catalog.locked(table, LOCK_LIMIT, () -> result.set(action.get()));
        return Objects.requireNonNull(result.get());
    }
}
