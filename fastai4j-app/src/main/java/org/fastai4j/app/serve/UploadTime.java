package org.fastai4j.app.serve;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** Ends a connection whose body is not there in time, however steadily it drips. */
final class UploadTime {
  private static final String CLOCK = UploadTime.class.getName();

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
                    () -> client.close(new TimeoutException("the upload took too long")),
                    most.toMillis(),
                    TimeUnit.MILLISECONDS));
      }
      return super.handle(request, response, callback);
    }
  }

  /** Stands after it. */
  static final class End extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (request.removeAttribute(CLOCK) instanceof Scheduler.Task clock) {
        clock.cancel();
      }
      return super.handle(request, response, callback);
    }
  }
}
