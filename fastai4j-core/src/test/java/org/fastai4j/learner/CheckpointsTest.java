package org.fastai4j.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.fastai4j.nn.Functional;
import org.fastai4j.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final int KILLS = 20;

  private final Path folder;

  CheckpointsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /**
   * Kills a training process with SIGKILL at random batches, whatever it is doing then (a step, a
   * validation, a checkpoint half written), until it has been killed often enough; then it may end.
   */
  @Test
  void aRunThatIsKilledAgainAndAgainEndsWithTheWeightsOfOneThatWasNot() throws Exception {
    Path expected = folder.resolve("expected.safetensors");
    TrainToTheEnd.train(TrainToTheEnd.learner(), expected);

    Path weights = folder.resolve("weights.safetensors");
    SplittableRandom random = new SplittableRandom(3);
    int kills = 0;
    int starts = 0;
    while (!Files.exists(weights)) {
      assertThat(++starts).as("starts").isLessThan(4 * KILLS);
      if (liveFor(kills < KILLS ? random.nextInt(1, 24) : Integer.MAX_VALUE, weights, random)) {
        kills++;
      }
    }

    assertThat(kills).isGreaterThanOrEqualTo(KILLS);
    assertThat(weights).hasSameBinaryContentAs(expected);
    try (Stream<Path> left = Files.list(folder.resolve("checkpoints"))) {
      assertThat(left.filter(f -> f.toString().endsWith(".safetensors"))).hasSize(2);
    }
  }

  /** Whether the process had to be killed at its batch number {@code batches}. */
  private boolean liveFor(int batches, Path weights, SplittableRandom random)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TrainToTheEnd.class.getName(),
                folder.resolve("checkpoints").toString(),
                weights.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int seen = 0;
      StringBuilder other = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.equals("batch")) {
          other.append(line).append('\n');
        } else if (++seen == batches) {
          for (int i = random.nextInt(200_000); i > 0; i--) {
            Thread.onSpinWait(); // somewhere within the batch
          }
          process.destroyForcibly();
          process.waitFor();
          return true;
        }
      }
      assertThat(process.waitFor()).as(other.toString()).isZero();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void takesTheCheckpointBeforeADamagedOne() throws IOException {
    Path expected = folder.resolve("expected.safetensors");
    TrainToTheEnd.train(TrainToTheEnd.learner(), expected);
    trainUntilThePowerIsGone(TrainToTheEnd.learner());
    Path newest = checkpoints().get(1);
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length - 100] ^= 1;
    Files.write(newest, bytes);

    Learner second = TrainToTheEnd.learner();
    assertThat(second.resume(folder.resolve("c"))).isTrue();
    Path weights = folder.resolve("weights.safetensors");
    TrainToTheEnd.train(second, weights);
    assertThat(weights).hasSameBinaryContentAs(expected);
  }

  @Test
  void goesOnWithTheDropoutOfAGpu() {
    Device gpu = Device.MPS.isAvailable() ? Device.MPS : Device.cuda(0);
    assumeTrue(gpu.isAvailable(), "no GPU, or native libraries for CPUs: build with -Pgpu");
    Path expected = folder.resolve("expected.safetensors");
    TrainToTheEnd.train(TrainToTheEnd.learner().to(gpu), expected);
    trainUntilThePowerIsGone(TrainToTheEnd.learner().to(gpu));

    Learner second = TrainToTheEnd.learner().to(gpu);
    second.resume(folder.resolve("c"));
    Path weights = folder.resolve("weights.safetensors");
    TrainToTheEnd.train(second, weights);
    assertThat(weights).hasSameBinaryContentAs(expected);
  }

  /** With a checkpoint every four batches, to batch 19 of epoch 2. */
  private void trainUntilThePowerIsGone(Learner learn) {
    learn.checkpoint(folder.resolve("c"), 4);
    learn.addCallback(
        Callback.on(
            Event.AFTER_BATCH,
            l -> {
              if (l.isTraining() && l.epoch() == 2 && l.iteration() == 19) {
                throw new IllegalStateException("the power is gone");
              }
            }));
    assertThatThrownBy(() -> TrainToTheEnd.train(learn, folder.resolve("none")))
        .hasMessage("the power is gone");
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("c"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void resumingWithNothingThereBeginsAtTheBeginning() {
    assertThat(Fits.line().build().resume(folder.resolve("empty"))).isFalse();
  }

  @Test
  void refusesToResumeAFitOfAnotherLength() {
    Learner learn = Fits.line().build().checkpoint(folder.resolve("c"), 1);
    learn.fit(2, 0.1);
    Learner other = Fits.line().build();
    other.resume(folder.resolve("c"));
    assertThatThrownBy(() -> other.fit(3, 0.1)).hasMessageContaining("2 epochs, this one has 3");
  }

  @Test
  void refusesMetricsOfTrainingWhichCannotGoOnWithinAnEpoch() throws IOException {
    Learner learn =
        Fits.line()
            .metric("mse", Functional::mseLoss)
            .recorder(new Recorder().withTrainMetrics())
            .build()
            .checkpoint(folder.resolve("c"), 1);
    assertThatThrownBy(() -> learn.fit(1, 0.1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leave out the recorder's withTrainMetrics()");
    assertThat(checkpoints()).isEmpty();
  }

  @Test
  void aFinishedRunIsNotTrainedAgain() {
    Learner learn = Fits.line().build().checkpoint(folder.resolve("c"), 1);
    learn.fit(2, 0.1);
    Learner again = Fits.line().build();
    again.resume(folder.resolve("c"));
    again.fit(2, 0.1);
    assertThat(again.recorder().losses()).isEqualTo(learn.recorder().losses());
    assertThat(weight(again)).isEqualTo(weight(learn));
  }

  @Test
  void aSearchForALearningRateLeavesTheCheckpointToTheFit() {
    Learner learn = Fits.line().build().checkpoint(folder.resolve("c"), 1);
    learn.fit(2, 0.1);
    Learner again = Fits.line().build();
    again.resume(folder.resolve("c"));
    again.lrFind();
    again.fit(2, 0.1);
    assertThat(again.recorder().losses()).isEqualTo(learn.recorder().losses());
    assertThat(weight(again)).isEqualTo(weight(learn));
  }

  @Test
  void aRunThatBeginsAnewReplacesTheCheckpointsOfAnEarlierOne() throws IOException {
    Fits.line().build().checkpoint(folder.resolve("c"), 1).fit(4, 0.1);
    Learner learn = Fits.line().build().checkpoint(folder.resolve("c"), 2);
    learn.fit(1, 0.01);
    assertThat(checkpoints()).hasSize(1);
    Learner again = Fits.line().build();
    again.resume(folder.resolve("c"));
    again.fit(1, 0.01);
    assertThat(weight(again)).isEqualTo(weight(learn));
  }

  private static double weight(Learner learn) {
    return learn.model().parameters().get(0).item();
  }
}
