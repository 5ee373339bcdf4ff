package org.fastai4j.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.nn.Linear;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.junit.jupiter.api.Test;

class WatchPageTest {
  private static final int EPOCHS = 4;

  /** A fit of 20 batches an epoch that makes a batch for every permit. */
  private static Learner learner(WatchPage page, Semaphore permits) {
    Tensor x = Tensor.randn(160, 784);
    Tensor y = x.narrow(1, 0, 1).mul(2);
    TensorDataset data = TensorDataset.of(x, y);
    return Learner.builder(DataLoaders.of(data, data, 8), new Linear(784, 1))
        .loss((p, t) -> p.sub(t).pow(2).mean())
        .optimizer(SGD::new)
        .metric("mae", (p, t) -> p.sub(t).abs().mean())
        .callback(page.callback())
        .callback(
            Callback.on(
                Event.BEFORE_BATCH,
                learn -> {
                  if (learn.isTraining()) {
                    permits.acquireUninterruptibly();
                  }
                }))
        .quiet()
        .build();
  }

  @Test
  void showsAFitSurvivesAReloadAndStopsIt() {
    Semaphore permits = new Semaphore(0);
    try (Chromium browser = Chromium.start();
        WatchPage page = WatchPage.start("127.0.0.1", 0)) {
      Learner learn = learner(page, permits);
      browser.size(1100, 1000, 1, false);
      browser.open(page.address(), "document.body.dataset.phase === 'waiting'");
      CompletableFuture<Void> fit =
          CompletableFuture.runAsync(() -> learn.fitOneCycle(EPOCHS, 1e-3));
      permits.release(50);
      browser.await(
          "document.querySelector('#phase').textContent.includes('epoch 3 of 4, batch 10 of 20')");
      assertThat(rows(browser)).isEqualTo("2");
      browser.screenshot(Path.of("target", "page", "watch-light.png"));

      browser.open(
          page.address() + "?again", "document.querySelectorAll('#epochs tbody tr').length === 2");
      assertThat(
              browser.run(
                  "document.querySelector('#loss path').getAttribute('d').split('L').length + ''"))
          .as("all fifty batches are there again")
          .isEqualTo("50");
      browser.await("document.querySelector('#images').naturalWidth === 8 * 29 - 1");
      browser.dark(true);
      browser.screenshot(Path.of("target", "page", "watch-dark.png"));

      browser.run("document.querySelector('#stop').click()");
      browser.await("document.body.dataset.phase === 'stopping'");
      permits.release();
      fit.join();
      browser.await("document.body.dataset.phase === 'done'");
      assertThat(learn.recorder().losses()).hasSizeBetween(50, 51);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static String rows(Chromium browser) {
    return browser.run("document.querySelectorAll('#epochs tbody tr').length + ''");
  }

  @Test
  void keepsCurvesShortHoweverLongTheFit() {
    WatchCallback watch = new WatchCallback();
    Tensor x = Tensor.randn(4000, 1);
    TensorDataset data = TensorDataset.of(x, x);
    TensorDataset few = TensorDataset.of(x.narrow(0, 0, 4), x.narrow(0, 0, 4));
    Learner learn =
        Learner.builder(DataLoaders.of(data, few, 1), new Linear(1, 1))
            .loss((p, t) -> p.sub(t).pow(2).mean())
            .callback(watch)
            .quiet()
            .build();
    learn.fit(1, 1e-3);
    int points =
        com.google.gson.JsonParser.parseString(watch.json())
            .getAsJsonObject()
            .getAsJsonArray("at")
            .size();
    assertThat(points).isBetween(WatchCallback.POINTS / 2, WatchCallback.POINTS);
  }
}
