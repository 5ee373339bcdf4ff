package org.fastai4j.app.serve;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Answers 413 to a body that says it is too large, after it has come: a client that is still
 * sending when the connection ends sees that its sending failed, and often no answer. One that is
 * several times too large is answered at once, and one that takes too long is not answered. So it
 * is with one that does not say its size: {@code SizeLimitHandler} ends it where it becomes too
 * large.
 */
final class BodySize extends Handler.Wrapper {
  private static final int TIMES = 4;

  private final long most;
  private final Duration time;

  BodySize(long most, Duration time) {
    this.most = most;
    this.time = time;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long length = request.getLength();
    if (length <= most || length > TIMES * most) {
      return super.handle(request, response, callback); // where SizeLimitHandler refuses the latter
    }
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    Scheduler.Task clock =
        request
            .getComponents()
            .getScheduler()
            .schedule(client::close, time.toMillis(), TimeUnit.MILLISECONDS);
    Callback answered = Callback.from(callback, clock::cancel);
    Content.Source.consumeAll(
        request,
        Callback.from(
            () ->
                Response.writeError(
                    request,
                    response,
                    answered,
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    "a body of %d bytes, where at most %d are taken; send a smaller one"
                        .formatted(length, most)),
            answered::failed));
    return true;
  }
}
