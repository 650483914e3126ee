package dev.millrace.core;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Models, the latest version of each unless said otherwise.
public interface ModelCatalog {
    /// Records version 1 of a new model.
    ///
    /// @throws MillraceException MODEL_EXISTS when the name is another model's name or public id
    default Model create(String name, ModelDefinition definition, String owner) {
        return create(name, definition, owner, null);
    }

    /// The same for a request that may be repeated.
    ///
    /// @param request names it, or null; a model that it has made, and that is there, is returned
    ///   in place of a second one
    /// @throws MillraceException MODEL_EXISTS
    Model create(String name, ModelDefinition definition, String owner, @Nullable UUID request);

    /// By public id, by UUID or by name, in this order.
    Optional<Model> find(String idOrName);

    /// Ordered by name, after a name.
    List<Model> list(@Nullable String afterName, int limit);

    /// The models whose rows go into a table.
    List<Model> ofTable(String table);

    /// One version of a model, of a deleted one too.
    Optional<Model> version(ModelId id, int version);

    /// When the versions of a model were recorded, newest first.
    List<ModelVersion> versions(ModelId id, int limit);

    /// Adds the version after the one that the caller has seen last.
    ///
    /// @throws MillraceException NOT_FOUND when it has been deleted; MODEL_CHANGED when that
    ///   version is no longer the latest
    Model update(ModelId id, int seen, ModelDefinition definition);

    /// Removes a model from sight; its jobs keep their version. Nothing happens when it has been
    /// deleted before.
    ///
    /// @param first runs before, while no job of the model can be made; when it throws, the model
    ///   stays. It may run again, so it is safe to repeat
    /// @throws MillraceException MODEL_IN_USE when a job of it is not final
    void delete(ModelId id, Runnable first);
}
