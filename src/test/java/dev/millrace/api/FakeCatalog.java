package dev.millrace.api;

import dev.millrace.JobSample;
import dev.millrace.core.AnswerCatalog;
import dev.millrace.core.Before;
import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Job;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.JobId;
import dev.millrace.core.JobLinks;
import dev.millrace.core.JobTimes;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelCatalog;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.ModelVersion;
import dev.millrace.core.NewJob;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.Source;
import dev.millrace.core.SplitCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Just enough of a catalog to answer requests from. Its jobs go where a test puts them.
final class FakeCatalog {
    final List<Model> models = new ArrayList<>();
    final List<Model> earlier = new ArrayList<>();
    final List<Job> jobs = new ArrayList<>();
    final List<LedgerEntry> ledger = new ArrayList<>();
    final List<RejectionCount> counts = new ArrayList<>();

    /// None are kept unless a test brings a place for them.
    AnswerCatalog answers = Partial.of(AnswerCatalog.class, new Object());

    /// Thrown by whatever asks for a model next.
    final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /// How often a job was looked at.
    final AtomicInteger looks = new AtomicInteger();

    /// Whether it does not answer whoever looks at a job.
    volatile boolean away;

    private long changes = 1;

    Catalog asCatalog() {
        return Partial.of(Catalog.class, new Root());
    }

    /// Records a job's next state and wakes whoever waits for one.
    synchronized void put(Job job) {
        jobs.removeIf(j -> j.id().equals(job.id()));
        jobs.addFirst(job);
        changes++;
        notifyAll();
    }

    final class Root {
        ModelCatalog models() {
            return Partial.of(ModelCatalog.class, new FakeModels());
        }

        JobCatalog jobs() {
            return Partial.of(JobCatalog.class, new FakeJobs());
        }

        SplitCatalog splits() {
            return Partial.of(SplitCatalog.class, new FakeSplits());
        }

        void locked(String destination, Duration limit, Runnable action) {
            action.run();
        }

        long awaitChange(Predicate<JobId> of, long seen, Duration limit)
                throws InterruptedException {
            return awaitChange(seen, limit);
        }

        long awaitChange(long seen, Duration limit) throws InterruptedException {
            synchronized (FakeCatalog.this) {
                if (seen == changes && limit.toMillis() > 0) {
                    FakeCatalog.this.wait(limit.toMillis());
                }
                return changes;
            }
        }
    }

    final class FakeModels {
        Model create(
                String name, ModelDefinition definition, String owner, @Nullable UUID request) {
            if (find(name).isPresent()) {
                throw new MillraceException(
                        ErrorCode.MODEL_EXISTS, "There is a model '%s' already".formatted(name));
            }
            var id = new ModelId(UUID.randomUUID());
            models.add(new Model(id, name, 1, definition, owner, "default", Instant.EPOCH));
            return models.getLast();
        }

        Optional<Model> find(String idOrName) {
            var thrown = failure.getAndSet(null);
            if (thrown != null) {
                throw thrown;
            }
            return models.stream()
                    .filter(m ->
                            m.name().equals(idOrName)
                                    || m.id().publicId().equals(idOrName)
                                    || m.id().uuid().toString().equals(idOrName))
                    .findFirst();
        }

        List<Model> list(@Nullable String afterName, int limit) {
            return models.stream()
                    .filter(m -> afterName == null || m.name().compareTo(afterName) > 0)
                    .sorted(Comparator.comparing(Model::name))
                    .limit(limit)
                    .toList();
        }

        List<Model> ofTable(String table) {
            return models.stream().filter(m -> m.table().equals(table)).toList();
        }

        Optional<Model> version(ModelId id, int version) {
            return Stream.concat(models.stream(), earlier.stream())
                    .filter(m -> m.id().equals(id) && m.version() == version)
                    .findFirst();
        }

        List<ModelVersion> versions(ModelId id, int limit) {
            return Stream.concat(models.stream(), earlier.stream())
                    .filter(m -> m.id().equals(id))
                    .map(m -> new ModelVersion(m.version(), m.createdAt()))
                    .sorted(Comparator.comparing(ModelVersion::version).reversed())
                    .toList();
        }

        Model update(ModelId id, int seen, ModelDefinition definition) {
            var old = models.stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
            models.remove(old);
            earlier.add(old);
            models.add(
                    new Model(
                            id,
                            old.name(),
                            old.version() + 1,
                            definition,
                            old.owner(),
                            old.workspace(),
                            old.createdAt()));
            return models.getLast();
        }

        void delete(ModelId id, Runnable first) {
            first.run();
            models.removeIf(m -> m.id().equals(id));
        }
    }

    final class FakeJobs {
        Job create(NewJob wanted) {
            var source =
                    new Source(
                            0,
                            wanted.sources().getFirst().name(),
                            wanted.sources().getFirst().options(),
                            null,
                            -1,
                            0,
                            0,
                            0,
                            null,
                            null);
            var job =
                    JobSample.of(wanted.model())
                            .source(source)
                            .options(wanted.options())
                            .links(new JobLinks(wanted.parent(), null, null))
                            .owner(wanted.owner())
                            .times(new JobTimes(Instant.EPOCH.plusNanos(changes), null, null, null))
                            .job();
            put(job);
            return job;
        }

        Optional<Job> find(String idOrLast) {
            synchronized (FakeCatalog.this) {
                return jobs.stream()
                        .filter(j ->
                                idOrLast.equals("last")
                                        || j.id().publicId().equals(idOrLast)
                                        || j.id().uuid().toString().equals(idOrLast))
                        .findFirst();
            }
        }

        Job get(JobId id) {
            looks.incrementAndGet();
            if (away) {
                throw new MillraceException(ErrorCode.CATALOG_UNAVAILABLE, "Gone");
            }
            return find(id.uuid().toString()).orElseThrow();
        }

        List<Job> list(@Nullable Before before, int limit) {
            return jobs.stream()
                    .filter(j -> before == null || j.createdAt().isBefore(before.createdAt()))
                    .limit(limit)
                    .toList();
        }

        boolean cancel(JobId id) {
            return false;
        }

        void releaseClaims(String destination) {}
    }

    final class FakeSplits {
        List<LedgerEntry> ledger(JobId job) {
            return ledger;
        }

        List<LedgerEntry> ledgerWithRejections(JobId job, int offset, int limit) {
            return ledger.stream()
                    .filter(e -> e.keptRejections() > 0)
                    .skip(offset)
                    .limit(limit)
                    .toList();
        }

        List<RejectionCount> rejectionCounts(JobId job) {
            return counts;
        }
    }
}
