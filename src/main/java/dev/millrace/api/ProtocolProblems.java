package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Problem documents for what never becomes a request to a route: a request line or headers that
/// cannot be read, or are too long. What follows on such a connection cannot be told from the
/// request, so the server closes it, and says so: a client would send its next request on it.
final class ProtocolProblems extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        var code = status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL_ERROR;
        var detail = message == null ? "The request cannot be read" : message;
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        var document = Problems.document(status, code, detail, null);
        response.write(true, ByteBuffer.wrap(Json.bytes(document)), callback);
    }
}
