package dev.millrace.s3;

import dev.millrace.core.HostRules;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;

/// Opens S3s, as far as the administrator lets them be reached. Thread-safe.
public final class S3Connector {
    private final HostRules rules;

    public S3Connector(HostRules rules) {
        this.rules = rules;
    }

    /// As [dev.millrace.core.Connector] does.
    public ObjectStore open(S3Reach reach, Secret secret) {
        return new S3Objects(reach, secret, rules);
    }
}
