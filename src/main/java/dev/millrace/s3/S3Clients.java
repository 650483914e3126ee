package dev.millrace.s3;

import dev.millrace.core.HostRules;
import dev.millrace.core.S3Reach;
import dev.millrace.core.Secret;
import dev.millrace.remote.AllowedNames;
import dev.millrace.remote.Trust;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/// Clients of S3 that know what their connection says and nothing else: no variable, profile or
/// metadata of this machine names a credential, an endpoint or a proxy for them. They connect to
/// the very addresses that the rules allow, follow no redirect, and repeat nothing.
final class S3Clients {
    private static final int MAX_CONNECTIONS = 32;
    // shorter than what servers and the proxies before them keep
    private static final Duration KEEP = Duration.ofSeconds(8);

    private S3Clients() {}

    /// Reaches nobody yet.
    ///
    /// @throws dev.millrace.core.MillraceException INVALID_CONNECTION when the CA is no certificate
    static S3Client open(S3Reach reach, Secret secret, HostRules rules) {
        return S3Client.builder()
                .httpClientBuilder(http(reach, rules))
                .endpointOverride(endpoint(reach))
                .region(Region.of(reach.region()))
                .forcePathStyle(reach.pathStyle())
                .credentialsProvider(StaticCredentialsProvider.create(credentials(reach, secret)))
                .defaultsMode(DefaultsMode.LEGACY)
                .dualstackEnabled(false)
                .fipsEnabled(false)
                .accelerate(false)
                .useArnRegion(false)
                .crossRegionAccessEnabled(false)
                .disableMultiRegionAccessPoints(true)
                .disableS3ExpressSessionAuth(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        ClientOverrideConfiguration.builder()
                                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                                .defaultProfileFile(ProfileFile.aggregator().build())
                                .build())
                .build();
    }

    /// That of AWS too is said: otherwise a variable could say another.
    static URI endpoint(S3Reach reach) {
        return reach.endpoint() == null
                ? URI.create(
                        "https://"
                                + S3Client.serviceMetadata().endpointFor(Region.of(reach.region())))
                : reach.endpoint();
    }

    private static Apache5HttpClient.Builder http(S3Reach reach, HostRules rules) {
        return Apache5HttpClient.builder()
                .dnsResolver(new AllowedNames(rules))
                .tlsSocketStrategy(new DefaultClientTlsStrategy(Trust.context(reach.ca())))
                .proxyConfiguration(
                        ProxyConfiguration.builder()
                                .useSystemPropertyValues(false)
                                .useEnvironmentVariableValues(false)
                                .build())
                .maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(reach.connectLimit())
                .connectionAcquisitionTimeout(reach.answerLimit())
                .socketTimeout(reach.answerLimit())
                .connectionTimeToLive(KEEP)
                .expectContinueEnabled(false)
                .useIdleConnectionReaper(false);
    }

    private static AwsCredentials credentials(S3Reach reach, Secret secret) {
        var key = S3Reach.secretAccessKey(secret);
        var token = S3Reach.sessionToken(secret);
        return token == null
                ? AwsBasicCredentials.create(reach.accessKeyId(), key)
                : AwsSessionCredentials.create(reach.accessKeyId(), key, token);
    }
}
