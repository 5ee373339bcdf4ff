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
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose body is not there in time, however steadily it drips, and answers 408 to
 * one that falls silent within it.
 */
final class UploadTime {
  private static final String CLOCK = UploadTime.class.getName();
  private static final String SILENT = CLOCK + ".silent";

  /** Jetty passes over an idle connection that nobody reads from just then; then it is cut. */
  private static final long GRACE_MILLIS = 1000;

  private UploadTime() {}

  private record Clock(Scheduler.Task tell, Scheduler.Task cut) {
    static Clock start(Scheduler scheduler, EndPoint client, long millis) {
      return new Clock(
          // so that the request ends, and is told so
          scheduler.schedule(() -> client.setIdleTimeout(1), millis, TimeUnit.MILLISECONDS),
          scheduler.schedule(client::close, millis + GRACE_MILLIS, TimeUnit.MILLISECONDS));
    }

    void cancel() {
      tell.cancel();
      cut.cancel();
    }
  }

  /** No request can follow on a body that is not all there, and not all such connections end. */
  private static void cutSoon(Scheduler scheduler, EndPoint client) {
    scheduler.schedule(client::close, GRACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static EndPoint client(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  /** Stands before what reads the body. */
  static final class Begin extends Handler.Wrapper {
    private final Duration most;

    Begin(Duration most) {
      this.most = most;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (request.getLength() != 0) {
        Scheduler scheduler = request.getComponents().getScheduler();
        EndPoint client = client(request);
        Clock clock = Clock.start(scheduler, client, most.toMillis());
        request.setAttribute(CLOCK, clock);
        Request.addCompletionListener(
            request,
            failure -> {
              clock.cancel();
              if (failure != null) {
                cutSoon(scheduler, client);
              }
            });
        return super.handle(new Body(request), response, callback);
      }
      return super.handle(request, response, callback);
    }
  }

  /** A body that is over once it has failed, though Jetty would let its client try again. */
  private static final class Body extends Request.Wrapper {
    Body(Request request) {
      super(request);
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.Chunk chunk = super.read();
      if (!Content.Chunk.isFailure(chunk, false)) {
        return chunk;
      }
      setAttribute(SILENT, true);
      return Content.Chunk.from(chunk.getFailure(), true);
    }
  }

  /** Stands after it. */
  static final class End extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (request.removeAttribute(CLOCK) instanceof Clock clock) {
        clock.cancel();
      }
      if (request.removeAttribute(SILENT) != null) {
        cutSoon(request.getComponents().getScheduler(), client(request));
        Response.writeError(
            request,
            response,
            callback,
            HttpStatus.REQUEST_TIMEOUT_408,
            "the body did not come in time; send it again without pauses");
        return true;
      }
      return super.handle(request, response, callback);
    }
  }
}
