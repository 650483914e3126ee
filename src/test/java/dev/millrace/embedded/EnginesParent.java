package dev.millrace.embedded;

import dev.millrace.Engines;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;

/// A process that starts engines, prints their process ids and stays until it is killed.
final class EnginesParent {
    private EnginesParent() {}

    public static void main(String[] args) throws InterruptedException {
        var engines = Engines.start(EnumSet.allOf(Engine.class), Path.of(args[0]));
        for (var engine : Engine.values()) {
            System.out.println(engines.process(engine).orElseThrow().pid());
        }
        new CountDownLatch(1).await();
    }
}
