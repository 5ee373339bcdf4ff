package org.fastai4j.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.fastai4j.data.DataLoader;
import org.fastai4j.data.DataLoaders;
import org.fastai4j.data.TensorDataset;
import org.fastai4j.learner.Callback;
import org.fastai4j.learner.CancelException;
import org.fastai4j.learner.Event;
import org.fastai4j.learner.Learner;
import org.fastai4j.learner.ProgressCallback;
import org.fastai4j.nn.Functional;
import org.fastai4j.nn.Linear;
import org.fastai4j.optim.SGD;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callbacks write about a fit. */
class LoggersTest {
  private final Path folder;

  LoggersTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Two batches of training and one of validation. */
  private static Learner line(Callback... callbacks) {
    Torch.manualSeed(3);
    Tensor x = Tensor.arange(4).toFloat().unsqueeze(1);
    TensorDataset data = TensorDataset.of(x, x.mul(2));
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(data, 2), DataLoader.of(data, 4)), new Linear(1, 1))
            .loss(Functional::mseLoss)
            .optimizer(SGD::new)
            .metric("mae, mean", Functional::l1Loss)
            .quiet()
            .build();
    List.of(callbacks).forEach(learn::addCallback);
    return learn;
  }

  private static List<String> rows(Learner learn) {
    return learn.recorder().rows().stream()
        .map(
            r ->
                "%d,%s,%s,%s,00:00"
                    .formatted(r.epoch(), r.values().get(0), r.values().get(1), r.values().get(2)))
        .toList();
  }

  @Test
  void writesTheTableWithAllDigits() throws IOException {
    Path file = folder.resolve("logs/history.csv");
    Learner learn = line(new CSVLogger(file));
    learn.fit(2, 0.01);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).isEqualTo("epoch,train_loss,valid_loss,\"mae, mean\",time");
    assertThat(lines.subList(1, 3)).isEqualTo(rows(learn));
    learn.fit(1, 0.01);
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void appendsWithOneHeader() throws IOException {
    Path file = folder.resolve("history.csv");
    Learner learn = line(CSVLogger.append(file));
    learn.fit(2, 0.01);
    List<String> first = rows(learn);
    learn.fit(1, 0.01);
    assertThat(Files.readAllLines(file)).hasSize(4).containsAll(first).containsAll(rows(learn));
  }

  @Test
  void hasWholeLinesOfTheEpochsDoneWhenARunDies() throws IOException {
    Path file = folder.resolve("history.csv");
    List<List<String>> seen = new ArrayList<>();
    Learner learn =
        line(
            new CSVLogger(file),
            Callback.on(
                Event.AFTER_STEP,
                l -> {
                  seen.add(lines(file));
                  if (l.epoch() == 2) {
                    throw new IllegalStateException("power");
                  }
                }));
    assertThatThrownBy(() -> learn.fit(3, 0.01)).hasMessage("power");
    assertThat(seen).extracting(List::size).containsExactly(1, 1, 2, 2, 3);
    assertThat(Files.readString(file)).endsWith("\n");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void writesNoEpochTwiceWhenARunIsResumed() {
    Path file = folder.resolve("history.csv");
    Path checkpoints = folder.resolve("checkpoints");
    Learner first = line(CSVLogger.append(file), new TensorBoard(folder.resolve("tb")));
    first.checkpoint(checkpoints, 1);
    first.addCallback(
        Callback.on(
            Event.BEFORE_STEP,
            l -> {
              if (l.epoch() == 2 && l.iteration() == 1) {
                throw new IllegalStateException("power");
              }
            }));
    assertThatThrownBy(() -> first.fit(4, 0.01)).hasMessage("power");
    TensorBoard board = new TensorBoard(folder.resolve("tb"));
    Learner second = line(CSVLogger.append(file), board);
    second.resume(checkpoints);
    second.fit(4, 0.01);
    assertThat(lines(file)).hasSize(5);
    assertThat(lines(file).subList(1, 5)).isEqualTo(rows(second));
    assertThat(board.state()).containsEntry("step", 8L);
  }

  @Test
  void leavesCellsOfACancelledPassEmpty() {
    Path file = folder.resolve("history.csv");
    Learner learn =
        line(
            new CSVLogger(file),
            Callback.on(
                Event.BEFORE_VALIDATE,
                l -> {
                  throw new CancelException.Validate();
                }));
    learn.fit(1, 0.01);
    assertThat(lines(file).get(1)).matches("0,\\d[^,]*,,,00:00");
  }

  /** The messages of an event file, read as the format says and not as they were written. */
  private static List<Map<Integer, Object>> events(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Map<Integer, Object>> out = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      byte[] message = new byte[(int) ByteBuffer.wrap(length).order(in.order()).getLong()];
      in.get(message);
      assertThat(in.getInt()).isEqualTo(masked(message));
      Map<Integer, Object> event = message(message);
      assertThat((Double) requireNonNull(event.get(1))).isGreaterThan(1.6e9); // seconds
      out.add(event);
    }
    assertThat(new String(bytes(out.get(0), 3), UTF_8)).isEqualTo("brain.Event:2");
    assertThat(message(bytes(out.get(1), 7))).isEqualTo(Map.of(1, 1L)); // status: START
    return out;
  }

  private static byte[] bytes(Map<Integer, Object> message, int field) {
    return (byte[]) requireNonNull(message.get(field));
  }

  private static long step(Map<Integer, Object> event) {
    return (Long) requireNonNull(event.get(2));
  }

  private record Scalar(String tag, float value, long step) {}

  /** The scalars of an event file, which come after its version and its start. */
  private static List<Scalar> scalars(Path file) throws IOException {
    List<Scalar> out = new ArrayList<>();
    for (Map<Integer, Object> event : events(file).subList(2, events(file).size())) {
      Map<Integer, Object> value = message(bytes(message(bytes(event, 5)), 1));
      out.add(
          new Scalar(
              new String(bytes(value, 1), UTF_8),
              (Float) requireNonNull(value.get(2)),
              step(event)));
    }
    return out;
  }

  /** What a reader draws: a file takes away what the ones before it have from its start on. */
  private static List<Scalar> drawn(Path folder) throws IOException {
    List<Scalar> out = new ArrayList<>();
    for (Path file : files(folder)) {
      long start = step(events(file).get(1));
      out.removeIf(s -> s.step >= start);
      out.addAll(scalars(file));
    }
    return out;
  }

  /** The mask of a checksum by the polynomial's own definition, bit by bit. */
  private static int masked(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  /** The fields of a message by number. */
  private static Map<Integer, Object> message(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> out = new java.util.TreeMap<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      Object value =
          switch ((int) (key & 7)) {
            case 0 -> (Object) varint(in);
            case 1 -> in.getDouble();
            case 5 -> in.getFloat();
            case 2 -> {
              byte[] some = new byte[(int) varint(in)];
              in.get(some);
              yield some;
            }
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      out.put((int) (key >>> 3), value);
    }
    return out;
  }

  private static long varint(ByteBuffer in) {
    long out = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      out |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return out;
      }
    }
  }

  @Test
  void theChecksumsMaskIsTensorFlows() {
    assertThat(masked("123456789".getBytes(UTF_8))) // its CRC-32C is 0xe3069283
        .isEqualTo(Integer.rotateRight(0xe3069283, 15) + 0xa282ead8);
  }

  @Test
  void writesEventFilesOfLossesRatesAndMetrics() throws IOException {
    Learner learn = line(new TensorBoard(folder));
    learn.fit(2, 0.01);
    List<Double> losses = learn.recorder().losses();
    List<List<Double>> values = learn.recorder().values();
    List<Scalar> scalars = scalars(file(0));
    assertThat(scalars).hasSize(4 * 3 + 2 * 2);
    assertThat(scalars.stream().filter(s -> s.tag.equals("train_loss")))
        .extracting(Scalar::value)
        .containsExactlyElementsOf(losses.stream().map(Double::floatValue).toList());
    assertThat(scalars.stream().filter(s -> s.tag.equals("lr")))
        .containsExactlyElementsOf(
            Stream.of(1L, 2L, 3L, 4L).map(i -> new Scalar("lr", 0.01f, i)).toList());
    assertThat(scalars)
        .contains(
            new Scalar("raw_loss", losses.get(0).floatValue(), 1),
            new Scalar("valid_loss", values.get(0).get(1).floatValue(), 2),
            new Scalar("mae, mean", values.get(1).get(2).floatValue(), 4));
    learn.fit(1, 0.01);
    assertThat(scalars(file(1)).get(0).step).isEqualTo(5);
  }

  @Test
  void writesMetricsThatAreNaN() throws IOException {
    line(new TensorBoard(folder)).fit(2, 1e38);
    assertThat(scalars(file(0)))
        .contains(new Scalar("valid_loss", Float.NaN, 4), new Scalar("mae, mean", Float.NaN, 4));
  }

  @Test
  void writesNoMetricsOfACancelledPass() throws IOException {
    Learner learn =
        line(
            new TensorBoard(folder),
            Callback.on(
                Event.BEFORE_VALIDATE,
                l -> {
                  throw new CancelException.Validate();
                }));
    learn.fit(1, 0.01);
    assertThat(scalars(file(0))).hasSize(2 * 3);
  }

  /** Four batches of one to train on, and a checkpoint after every second. */
  private Learner checkpointed(String name) {
    Torch.manualSeed(3);
    Tensor x = Tensor.arange(4).toFloat().unsqueeze(1);
    TensorDataset data = TensorDataset.of(x, x.mul(2));
    Learner learn =
        Learner.builder(
                new DataLoaders(DataLoader.of(data, 1), DataLoader.of(data, 4)), new Linear(1, 1))
            .loss(Functional::mseLoss)
            .optimizer(SGD::new)
            .callback(new TensorBoard(folder.resolve(name)))
            .quiet()
            .build();
    return learn.checkpoint(folder.resolve(name + "-checkpoints"), 2);
  }

  @ParameterizedTest
  @CsvSource({
    "BEFORE_STEP, 8, 7, 0.01", // the seventh is written twice
    "BEFORE_STEP, 6, 4, 0.01", // as are the fifth and what was measured after the fourth
    "BEFORE_STEP, 6, 4, 1e38", // where the losses are NaN
    "BEFORE_VALIDATE, 1, 4, 0.01"
  })
  void drawsEveryStepOnceWhenARunIsResumed(Event death, int count, long start, double lr)
      throws IOException {
    checkpointed("whole").fit(3, lr);
    AtomicInteger left = new AtomicInteger(count);
    Learner first = checkpointed("resumed");
    first.addCallback(
        Callback.on(
            death,
            l -> {
              if (left.decrementAndGet() == 0) {
                throw new IllegalStateException("power");
              }
            }));
    assertThatThrownBy(() -> first.fit(3, lr)).hasMessage("power");
    Learner second = checkpointed("resumed");
    second.resume(folder.resolve("resumed-checkpoints"));
    second.fit(3, lr);
    assertThat(files(folder.resolve("resumed")))
        .extracting(file -> step(events(file).get(1)))
        .containsExactly(1L, start);
    assertThat(drawn(folder.resolve("resumed"))).isEqualTo(drawn(folder.resolve("whole")));
  }

  private Path file(int i) throws IOException {
    assertThat(files(folder).get(i).getFileName().toString()).startsWith("events.out.tfevents.");
    return files(folder).get(i);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void showsTheLastBatchWhileTheValidationRuns() throws IOException {
    List<byte[]> seen = new ArrayList<>();
    Learner learn =
        line(
            new TensorBoard(folder),
            Callback.on(
                Event.AFTER_PRED,
                l -> {
                  if (!l.isTraining()) {
                    seen.add(bytes(folder));
                  }
                }));
    learn.fit(1, 0.01);
    Path then = Files.write(folder.resolve("then"), seen.get(0));
    assertThat(scalars(then)).extracting(Scalar::step).containsExactly(1L, 1L, 1L, 2L, 2L, 2L);
  }

  private static byte[] bytes(Path folder) {
    try {
      return Files.readAllBytes(files(folder).get(0));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void closesItsEventFileWhenTheFitFails() throws IOException {
    Learner learn =
        line(
            new TensorBoard(folder),
            Callback.on(
                Event.AFTER_VALIDATE,
                l -> {
                  throw new IllegalStateException("power");
                }));
    assertThatThrownBy(() -> learn.fit(1, 0.01)).hasMessage("power");
    assertThat(scalars(file(0))).hasSize(2 * 3);
  }

  @Test
  void drawsAPageThatLoadsItselfAnewUntilTheFitHasEnded() {
    Path page = folder.resolve("curve.html");
    List<Boolean> refreshing = new ArrayList<>();
    Learner learn =
        line(
            ShowGraph.file(page),
            Callback.on(
                Event.BEFORE_TRAIN,
                l -> {
                  if (l.epoch() > 0) {
                    refreshing.add(lines(page).toString().contains("http-equiv=\"refresh\""));
                  }
                }));
    learn.fit(3, 0.01);
    assertThat(refreshing).containsExactly(true, true);
    assertThat(lines(page).toString())
        .doesNotContain("refresh")
        .contains("<img src=\"data:image/png;base64,");
  }

  @Test
  void drawsAPictureAtMostTwiceASecondAndAtTheEpochsEnds() throws IOException {
    Path png = folder.resolve("curve.png");
    AtomicLong clock = new AtomicLong();
    List<Boolean> drawn = new ArrayList<>();
    Learner learn =
        line(
            ShowGraph.file(png, clock::get),
            new Callback() {
              @Override
              public int order() {
                return 100;
              }

              @Override
              public void afterBatch(Learner l) {
                if (l.isTraining()) {
                  drawn.add(Files.exists(png));
                  png.toFile().delete();
                  clock.addAndGet(300_000_000);
                }
              }
            });
    learn.fit(3, 0.01);
    // At 0, .3, | .6, .9, | 1.2, 1.5 s; at | an epoch ends and is drawn at .6 and 1.2 s.
    assertThat(drawn).containsExactly(false, false, true, false, true, false);
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(1280);
  }

  @Test
  void drawsInATerminalBelowTheTable() {
    var text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, true, UTF_8);
    Learner learn = line(new ProgressCallback(out, false), ShowGraph.terminal(out, () -> 0L));
    learn.fit(2, 0.01);
    String shown = screen(text.toString(UTF_8).replaceAll("\u001b\\[[0-9;]*m", ""));
    List<String> lines = shown.lines().toList();
    assertThat(lines.get(1)).startsWith("0 ");
    assertThat(lines.get(2)).startsWith("1 ");
    assertThat(lines.get(3)).startsWith("\u2580".repeat(80));
    assertThat(lines.get(lines.size() - 1))
        .startsWith(String.format(Locale.ROOT, "train (blue) %.4f, valid", learn.smoothLoss()))
        .endsWith(" by 4 batches");
    assertThat(shown.lines().filter(l -> l.startsWith("train"))).hasSize(1);
  }

  /** What a terminal shows after carriage return, "up n lines" and "clear below". */
  private static String screen(String text) {
    StringBuilder shown = new StringBuilder();
    for (String part : text.split("\r", -1)) {
      if (part.startsWith("\u001b[")) {
        int end = part.indexOf('A');
        int up = Integer.parseInt(part.substring(2, end));
        for (int i = 0; i <= up; i++) {
          shown.setLength(Math.max(0, shown.lastIndexOf("\n")));
        }
        shown.append('\n').append(part.substring(part.indexOf('J') + 1));
      } else {
        shown.append(part);
      }
    }
    return shown.toString();
  }
}
