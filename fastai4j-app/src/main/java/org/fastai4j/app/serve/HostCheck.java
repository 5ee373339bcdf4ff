package org.fastai4j.app.serve;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses requests that a page of somebody else's makes a browser send.
 *
 * <p>A page can give its own name the address 127.0.0.1 (DNS rebinding); the browser then sends
 * that name as {@code Host}. So {@code Host} must be an address, {@code localhost} or the name the
 * server was started with. And where there is an {@code Origin}, it must be this server.
 */
final class HostCheck extends Handler.Wrapper {
  private final Set<String> names;

  HostCheck(String name) {
    names = Set.of("localhost", name.toLowerCase(Locale.ROOT), "");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String host = String.valueOf(Request.getServerName(request)).toLowerCase(Locale.ROOT);
    if (!isAddress(host) && (host.isEmpty() || !names.contains(host))) {
      Response.writeError(
          request,
          response,
          callback,
          HttpStatus.MISDIRECTED_REQUEST_421,
          "this server is not called '" + clean(host) + "'; use its address, or --host");
      return true;
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !isHere(origin, host, Request.getServerPort(request))) {
      Response.writeError(
          request,
          response,
          callback,
          HttpStatus.FORBIDDEN_403,
          "pages of other servers may not ask this one");
      return true;
    }
    return super.handle(request, response, callback);
  }

  private static boolean isAddress(String host) {
    return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?");
  }

  private static boolean isHere(String origin, String host, int port) {
    try {
      URI uri = URI.create(origin);
      int itsPort = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
      return host.equalsIgnoreCase(uri.getHost()) && port == itsPort;
    } catch (IllegalArgumentException e) {
      return false; // also "null"
    }
  }

  private static String clean(String host) {
    return host.replaceAll("[^a-z0-9.-]", "?");
  }
}
