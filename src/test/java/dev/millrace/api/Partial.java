package dev.millrace.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/// Gives an object that has some of an interface's methods the type of that interface; the methods
/// that it lacks fail the test that calls them.
final class Partial {
    private Partial() {}

    static <T> T of(Class<T> type, Object some) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            var has =
                                    Arrays.stream(some.getClass().getDeclaredMethods())
                                            .filter(m -> m.getName().equals(method.getName()))
                                            .filter(m ->
                                                    m.getParameterCount()
                                                            == method.getParameterCount())
                                            .findFirst()
                                            .orElseThrow(() ->
                                                    new AssertionError(
                                                            "not in the fake: " + method));
                            try {
                                return has.invoke(some, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
