package org.fastai4j.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fastai4j.data.DataCache;
import org.fastai4j.data.DrawnDigits;
import org.fastai4j.data.Progress;
import org.fastai4j.vision.Image;
import org.fastai4j.vision.ImageClassifier;
import org.fastai4j.vision.ImageInput;
import org.fastai4j.vision.Models;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, drawn on by real pointer events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
  private static final String READY = "document.body.dataset.ready === 'true'";
  private static final String DONE = "document.body.dataset.state === 'done'";
  private static final Path PICTURES = Path.of("target", "page");

  private final Path folder;
  private Chromium browser;
  private Service service;

  PageTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A digit that was written by hand: which, how wide the pen is, and the strokes. */
  private record Written(int digit, int pen, List<List<double[]>> strokes) {
    static List<Written> all() throws IOException {
      try (InputStream in = PageTest.class.getResourceAsStream("strokes.txt")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(Written::of)
            .toList();
      }
    }

    private static Written of(String line) {
      String[] parts = line.split("\\s*\\|\\s*", -1);
      double[] place =
          Arrays.stream(parts[1].split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
      List<List<double[]>> strokes = new ArrayList<>();
      for (String stroke : parts[3].split(";", -1)) {
        List<double[]> points = new ArrayList<>();
        for (String point : stroke.strip().split(" ", -1)) {
          String[] xy = point.split(",", -1);
          points.add(
              new double[] {
                place[0] + Double.parseDouble(xy[0]) * place[2] / 100,
                place[1] + Double.parseDouble(xy[1]) * place[2] / 100
              });
        }
        strokes.add(points);
      }
      return new Written(
          Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[2].strip()), strokes);
    }
  }

  @BeforeAll
  void startAll() {
    browser = Chromium.start();
    Path model = DefaultModel.find(DataCache.at(folder), Progress.SILENT);
    service = Service.start(ImageClassifier.load(model), "127.0.0.1", 0);
  }

  @AfterAll
  void stopAll() {
    if (service != null) {
      service.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openOnADesk() {
    browser.forgetComplaints();
    browser.dark(false);
    browser.size(1100, 860, 1, false);
    browser.open(service.address(), READY);
  }

  @AfterEach
  void nothingIsForbiddenOrThrown() {
    assertThat(browser.complaints()).isEmpty();
  }

  private void draw(Written written) {
    browser.run(
        "(w => { w.value = %d; w.dispatchEvent(new Event('input')); })(document.querySelector('#width'))"
            .formatted(written.pen()));
    double[] pad = browser.box("#pad");
    for (List<double[]> stroke : written.strokes()) {
      String type = "mousePressed";
      double x = 0;
      double y = 0;
      for (double[] point : stroke) {
        x = pad[0] + point[0] * pad[2] / 280;
        y = pad[1] + point[1] * pad[3] / 280;
        browser.mouse(type, x, y);
        type = "mouseMoved";
      }
      browser.mouse("mouseReleased", x, y);
    }
    browser.await(DONE);
  }

  private void click(String selector) {
    double[] box = browser.box(selector);
    double x = box[0] + box[2] / 2;
    double y = box[1] + box[3] / 2;
    browser.mouse("mousePressed", x, y);
    browser.mouse("mouseReleased", x, y);
    browser.await(DONE);
  }

  private String answer() {
    return browser.run("document.body.dataset.answer");
  }

  private String text(String selector) {
    return browser.run("document.querySelector('%s').textContent.trim()".formatted(selector));
  }

  private static Written firstOf(int digit) throws IOException {
    return Written.all().stream().filter(w -> w.digit() == digit).findFirst().orElseThrow();
  }

  @Test
  void readsWhatPeopleWrite() throws IOException {
    List<Written> all = Written.all();
    assertThat(all).hasSizeGreaterThanOrEqualTo(30);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      draw(all.get(i));
      if (!answer().equals(Integer.toString(all.get(i).digit()))) {
        wrong.add("digit %d (number %d) as %s".formatted(all.get(i).digit(), i, answer()));
        browser.screenshot(PICTURES.resolve("wrong-" + i + ".png"));
      }
      click("#clear");
    }
    System.out.printf("drawn digits read right: %d of %d%n", all.size() - wrong.size(), all.size());
    assertThat(wrong).hasSizeLessThanOrEqualTo(all.size() / 20);
  }

  @Test
  void showsABarForEveryClassAndWhatTheNetSees() throws IOException {
    draw(firstOf(3));
    assertThat(text("#label")).isEqualTo("3");
    assertThat(browser.run("document.querySelectorAll('#bars li').length + ''")).isEqualTo("10");
    assertThat(text("#bars li.best .name")).isEqualTo("3");
    assertThat(browser.run("document.querySelector('#sees').naturalWidth + ''")).isEqualTo("28");
    browser.screenshot(PICTURES.resolve("draw-light.png"));
    browser.dark(true);
    browser.screenshot(PICTURES.resolve("draw-dark.png"));
  }

  @Test
  void takesStrokesBackAndBeginsAgain() throws IOException {
    draw(firstOf(4));
    assertThat(answer()).isEqualTo("4");
    String whole = browser.run("document.querySelector('#sees').src");
    browser.key("z", 90, 2);
    browser.await(DONE);
    assertThat(browser.run("document.querySelector('#sees').src")).isNotEqualTo(whole);
    assertThat(answer()).isNotEmpty();
    browser.key("Escape", 27, 0);
    browser.await(DONE);
    assertThat(answer()).isEmpty();
    assertThat(browser.run("document.querySelector('#undo').disabled + ''")).isEqualTo("true");
  }

  @Test
  void readsLightOnDarkAsWell() throws IOException {
    draw(firstOf(7));
    click("#invert");
    assertThat(answer()).isEqualTo("7");
    browser.screenshot(PICTURES.resolve("draw-inverted.png"));
  }

  @Test
  void fitsAPhoneAndItsFinger() throws IOException {
    browser.size(390, 844, 2, true);
    browser.open(service.address(), READY);
    double[] pad = browser.box("#pad");
    for (List<double[]> stroke : firstOf(5).strokes()) {
      String type = "touchStart";
      for (double[] point : stroke) {
        browser.touch(type, pad[0] + point[0] * pad[2] / 280, pad[1] + point[1] * pad[3] / 280);
        type = "touchMove";
      }
      browser.touch("touchEnd", 0, 0);
    }
    browser.await(DONE);
    assertThat(answer()).isEqualTo("5");
    assertThat(browser.run("document.documentElement.scrollWidth + ''")).isEqualTo("390");
    double[] bars = browser.box("#bars");
    assertThat(bars[1] + bars[3]).as("the last bar is in sight").isLessThanOrEqualTo(844);
    browser.screenshot(PICTURES.resolve("phone-light.png"));
    browser.dark(true);
    browser.screenshot(PICTURES.resolve("phone-dark.png"));
  }

  @Test
  void readsAnUploadedFileAndForgetsItWhenOneDraws() throws IOException {
    Path file = folder.resolve("eight.png");
    Image.fromBytes("L", 28, 28, DrawnDigits.draw(8, 5)).resize(280, 280).save(file);
    browser.choose("#file", file);
    browser.await("document.body.dataset.answer === '8'");
    assertThat(browser.run("document.querySelector('#preview').hidden + ''")).isEqualTo("false");
    browser.screenshot(PICTURES.resolve("upload.png"));
    click("#clear");
    draw(firstOf(2));
    assertThat(answer()).isEqualTo("2");
  }

  @Test
  void tellsWhatIsWrongWithAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "no image");
    browser.choose("#file", file);
    browser.await("!document.querySelector('#error').hidden");
    assertThat(text("#error")).isEqualTo("notes.txt is not an image that can be read.");
    browser.screenshot(PICTURES.resolve("error.png"));
  }

  @Test
  void tellsWhenTheServerIsGone() throws IOException {
    Service other = Service.start(randomPets(), "127.0.0.1", 0);
    browser.open(other.address(), READY);
    other.close();
    Path file = folder.resolve("grey.png");
    Image.fromBytes("L", 8, 8, new byte[64]).save(file);
    browser.choose("#file", file);
    browser.await("!document.querySelector('#error').hidden");
    assertThat(text("#error")).contains("server does not answer");
    browser.forgetComplaints(); // the refused connection itself
  }

  @Test
  void asksForAnImageWhereTheModelReadsNoDigits() throws IOException {
    try (Service pets = Service.start(randomPets(), "127.0.0.1", 0)) {
      browser.open(pets.address(), READY);
      assertThat(browser.run("document.querySelector('#pad').hidden + ''")).isEqualTo("true");
      browser.screenshot(PICTURES.resolve("upload-first.png"));
      byte[] pixels = new byte[300 * 200 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (i % 3 == 0 ? i / 900 : i / 3 % 300);
      }
      Path file = folder.resolve("photo.png");
      Image.fromBytes("RGB", 300, 200, pixels).save(file);
      browser.choose("#file", file);
      browser.await("document.body.dataset.answer !== ''");
      assertThat(browser.run("document.querySelectorAll('#bars li').length + ''")).isEqualTo("5");
      browser.screenshot(PICTURES.resolve("upload-photo.png"));
    }
  }

  private static ImageClassifier randomPets() {
    List<String> breeds =
        java.util.stream.IntStream.rangeClosed(1, 15).mapToObj(i -> "breed number " + i).toList();
    return ImageClassifier.of(
        Models.create("resnet18", breeds.size(), 3),
        "resnet18",
        breeds,
        ImageInput.photographs(64));
  }

  @Test
  void leadsTheKeyboardThroughAllTools() {
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      browser.key("Tab", 9, 0);
      reached.add(browser.run("document.activeElement.id || document.activeElement.tagName"));
    }
    assertThat(reached).containsSubsequence("invert", "width", "file");
    assertThat(
            browser.run(
                "[...document.querySelectorAll('button, input')].every(e => (e.ariaLabel || e.textContent || e.labels[0].textContent).trim()) + ''"))
        .isEqualTo("true");
  }
}
