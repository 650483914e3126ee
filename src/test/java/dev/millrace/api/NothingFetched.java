package dev.millrace.api;

import dev.millrace.core.Job;
import dev.millrace.core.Pull;
import java.io.InputStream;
import java.util.List;

/// No source is the server's to fetch.
final class NothingFetched implements Fetching {
    @Override
    public List<Pull.OfObject> find(String connection, String uri) {
        throw new AssertionError("nobody fetches " + uri);
    }

    @Override
    public InputStream content(Pull.OfObject wanted) {
        throw new AssertionError("nobody fetches " + wanted);
    }

    @Override
    public Pull.OfQuery answer(String connection, String query) {
        throw new AssertionError("nobody fetches " + query);
    }

    @Override
    public void wake() {
        throw new AssertionError("nobody fetches");
    }

    @Override
    public boolean isWanted(Job job) {
        return false;
    }
}
