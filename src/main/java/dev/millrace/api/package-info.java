/// The HTTP API: routes, JSON views, authentication. It translates and decides nothing.
///
/// The contract is `openapi.yaml`; [dev.millrace.api.Routes] is the same list in code, and a test
/// holds one against the other.
@org.jspecify.annotations.NullMarked
package dev.millrace.api;
