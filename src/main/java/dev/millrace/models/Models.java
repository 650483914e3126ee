package dev.millrace.models;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.Sink;
import dev.millrace.validate.Validator;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Models and the tables behind them. A model whose table cannot take its rows is taken back.
/// Thread-safe.
public final class Models {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,127}");
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(30);

    private final Catalog catalog;
    private final Sink sink;

    public Models(Catalog catalog, Sink sink) {
        this.catalog = catalog;
        this.sink = sink;
    }

    /// Makes a model and its table.
    ///
    /// @throws MillraceException INVALID_MODEL, MODEL_EXISTS, TABLE_NOT_OURS, MODEL_CHANGE_REFUSED
    public Model create(String name, ModelDefinition definition, String owner) {
        if (!NAME.matcher(name).matches() || name.equals("last")) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "'%s' cannot name a model".formatted(name),
                    "Use 1 to 128 letters, digits, spaces, '.', '_' and '-', beginning with a"
                            + " letter or digit; 'last' is kept for the newest job.",
                    null);
        }
        Validator.check(definition);
        var model = catalog.models().create(name, definition, owner);
        try {
            prepare(model);
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

    /// Ordered by name, after a name.
    public List<Model> list(@Nullable String afterName, int limit) {
        return catalog.models().list(afterName, limit);
    }

    /// Makes a new version, once the table has been brought to it. Running jobs keep the version
    /// that they began with.
    ///
    /// @throws MillraceException NOT_FOUND, MODEL_CHANGE_REFUSED when the table would have to
    ///   change in another way than by new columns
    public Model update(String idOrName, ModelDefinition definition) {
        Validator.check(definition);
        var present = get(idOrName);
        var next =
                new Model(
                        present.id(),
                        present.name(),
                        present.version() + 1,
                        definition,
                        present.owner(),
                        present.workspace(),
                        present.createdAt());
        if (!next.table().equals(present.table())) {
            throw new MillraceException(
                    ErrorCode.MODEL_CHANGE_REFUSED,
                    "Model '%s' writes into table '%s' and cannot move to '%s'"
                            .formatted(present.name(), present.table(), next.table()),
                    "Make another model for the other table.",
                    null);
        }
        prepare(next);
        return catalog.models().update(present.id(), definition);
    }

    /// Removes a model; its table and rows stay.
    ///
    /// @return the model as it was
    /// @throws MillraceException NOT_FOUND, MODEL_IN_USE
    public Model delete(String idOrName) {
        var model = get(idOrName);
        catalog.models().delete(model.id());
        return model;
    }

    private void takeBack(Model model, MillraceException why) {
        try {
            catalog.models().delete(model.id());
        } catch (MillraceException e) {
            why.addSuppressed(e);
        }
    }

    private void prepare(Model model) {
        catalog.locked(model.table(), LOCK_LIMIT, () -> sink.prepare(model));
    }
}
