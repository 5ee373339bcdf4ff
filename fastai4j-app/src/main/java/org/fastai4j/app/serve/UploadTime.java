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

  private UploadTime() {}

  /** Stands before what reads the body. */
  static final class Begin extends Handler.Wrapper {
    private final Duration most;

    Begin(Duration most) {
      this.most = most;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (request.getLength() != 0) {
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        request.setAttribute(
            CLOCK,
            request
                .getComponents()
                .getScheduler()
                .schedule(
                    () -> client.setIdleTimeout(1), // so that the request ends, and is told so
                    most.toMillis(),
                    TimeUnit.MILLISECONDS));
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
      if (request.removeAttribute(CLOCK) instanceof Scheduler.Task clock) {
        clock.cancel();
      }
      if (request.removeAttribute(SILENT) != null) {
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
