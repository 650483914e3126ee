package dev.millrace.intake;

import static dev.millrace.intake.ReceivingSite.CATALOG;
import static dev.millrace.intake.ReceivingSite.SIZES;
import static dev.millrace.intake.ReceivingSite.get;
import static dev.millrace.intake.ReceivingSite.intake;
import static dev.millrace.intake.ReceivingSite.job;
import static dev.millrace.intake.SentFile.file;
import static dev.millrace.intake.SentFile.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Catalog;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobCatalog;
import dev.millrace.core.MillraceException;
import dev.millrace.core.UploadRequest;
import dev.millrace.store.LocalStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real catalog that is away for a moment, after the last byte of a source was recorded.
class CatalogAwayTest {
    private static final int TIMES = 2;

    @TempDir private Path folder;

    @Test
    void aSourceThatHasArrivedIsNotRefusedForACatalogThatIsAwayThen() {
        var left = new AtomicInteger();
        var jobs =
                proxy(
                        JobCatalog.class,
                        (_, method, arguments) -> {
                            if (method.getName().equals("get") && left.getAndDecrement() > 0) {
                                throw new MillraceException(
                                        ErrorCode.CATALOG_UNAVAILABLE, "it is away");
                            }
                            if (method.getName().equals("finishUpload")) {
                                left.set(TIMES);
                            }
                            return invoke(method, CATALOG.jobs(), arguments);
                        });
        var catalog =
                proxy(
                        Catalog.class,
                        (_, method, arguments) ->
                                method.getName().equals("jobs")
                                        ? jobs
                                        : invoke(method, CATALOG, arguments));
        var file = file(StandardCharsets.UTF_8);
        var job = job();
        var store = LocalStore.open(folder.resolve("store"));

        var received =
                intake(catalog, "away/1", store, SIZES)
                        .receive(get(job), in(file, 0), UploadRequest.whole(file.length));

        assertThat(left).hasValueLessThan(0);
        assertThat(received.isReceived()).isTrue();
    }

    private static Object invoke(Method method, Object target, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
