package org.fastai4j.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a project of its own, with a Java and a Maven that only tell their arguments. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      case $* in
        *-version*) echo 'openjdk version "VERSION"' >&2 ;;
        *warm-up*) exit 1 ;;
        *) printf 'java'; printf ' [%s]' "$@"; echo ;;
      esac
      """;
  private static final String MAVEN =
      """
      #!/bin/sh
      case $* in
        --version) echo 'Apache Maven 3.9.9' ;;
        *) echo "$@" >> calls
           mkdir -p fastai4j-app/target/quick/app
           touch fastai4j-app/target/quick/app/fastai4j-app.jar ;;
      esac
      """;

  private final Path dir;
  private final Path root;
  private final Path bin;

  private record Result(int status, String output) {}

  LauncherTest(@TempDir Path dir) throws IOException {
    this.dir = dir;
    root = Files.createDirectories(dir.resolve("a folder/with spaces"));
    Path here = Path.of("").toAbsolutePath();
    for (String script : List.of("fastai4j", "mvnw")) {
      script(root.resolve(script), Files.readString(here.resolveSibling(script)));
    }
    Files.createFile(root.resolve("pom.xml"));
    for (String module : List.of("core", "book", "app")) {
      Path sources = Files.createDirectories(root.resolve("fastai4j-" + module + "/src/main"));
      Files.createFile(sources.resolveSibling("../pom.xml").normalize());
    }
    bin = Files.createDirectory(dir.resolve("bin"));
    for (String tool :
        List.of(
            "sh",
            "cat",
            "find",
            "head",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "touch",
            "wc")) {
      Path found = Path.of("/bin", tool);
      Path real = Files.exists(found) ? found : Path.of("/usr/bin", tool);
      script(bin.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
    }
    script(bin.resolve("mvn"), MAVEN);
    java("17.0.1");
    script(bin.resolve("javac"), "#!/bin/sh\n");
  }

  @Test
  void buildsOnceAndSaysSo() throws Exception {
    assertThat(run("fastai4j", "doctor").output())
        .contains("Building fastai4j (first run")
        .contains("[doctor]");
    assertThat(run("fastai4j", "doctor").output()).doesNotContain("Building");
    assertThat(Files.readAllLines(root.resolve("calls")))
        .containsExactly("-q -B -Dquick -pl fastai4j-app -am package");
  }

  @Test
  void buildsAgainWhenASourceHasChanged() throws Exception {
    run("fastai4j");
    Path source = Files.createFile(root.resolve("fastai4j-core/src/main/New.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run("fastai4j").output()).contains("Building fastai4j (its sources have changed)");
    assertThat(Files.readAllLines(root.resolve("calls"))).hasSize(2);
  }

  @Test
  void givesJavaTheSameOptionsOnWindows() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    Pattern option =
        Pattern.compile("-XX:[+-]?[A-Z]\\w+(=\\d+)?|-Djava\\S+?true|--enable-native-access");
    List<Set<String>> options = new ArrayList<>();
    for (String script : List.of("fastai4j", "fastai4j.cmd")) {
      options.add(
          Files.readString(here.resolveSibling(script))
              .lines()
              .filter(line -> line.contains("jvm=")) // not the one that is for Maven
              .flatMap(line -> option.matcher(line).results().map(MatchResult::group))
              .collect(Collectors.toSet()));
    }
    assertThat(options.get(0)).hasSize(10);
    assertThat(options.get(1)).isEqualTo(options.get(0));
  }

  @Test
  void setsWhatMakesTrainingFastUnlessTheUserDoes() throws Exception {
    script(
        bin.resolve("java"),
        JAVA.replace("VERSION", "17.0.1")
            + "echo \"$GOMP_SPINCOUNT $OPENBLAS_NUM_THREADS $MALLOC_MMAP_THRESHOLD_ $MALLOC_TOP_PAD_.\"\n");
    assertThat(run("fastai4j").output()).endsWith("\n10000 1 33000000 64000000.\n");
    assertThat(run(Map.of("MALLOC_TOP_PAD_", "1"), "fastai4j").output()).endsWith(" 1  1.\n");
    assertThat(run(Map.of("GLIBC_TUNABLES", "x=y"), "fastai4j").output()).endsWith(" 1  .\n");
    assertThat(run(Map.of("OMP_WAIT_POLICY", "passive"), "fastai4j").output())
        .endsWith("\n 1 33000000 64000000.\n");
    assertThat(run(Map.of("OPENBLAS_NUM_THREADS", "3"), "fastai4j").output())
        .contains("\n10000 3 ");
  }

  @Test
  void keepsArgumentsWithSpacesWhole() throws Exception {
    assertThat(run("fastai4j", "chapter", "--out", "my report", "").output())
        .endsWith("[chapter] [--out] [my report] []\n");
  }

  @Test
  void runsThroughLinks() throws Exception {
    Path link = Files.createSymbolicLink(dir.resolve("link"), root.resolve("fastai4j"));
    Path second = Files.createSymbolicLink(bin.resolve("f4j"), Path.of("../link"));
    assertThat(run(link.toString(), "doctor").output())
        .contains("[" + root.toRealPath() + "/fastai4j-app/target/quick/app/fastai4j-app.jar]");
    assertThat(run(second.toString(), "doctor").status()).isZero();
  }

  @Test
  void tellsThatJavaIsMissing() throws Exception {
    Files.delete(bin.resolve("java"));
    Result result = run("fastai4j", "doctor");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output().lines()).hasSize(1);
    assertThat(result.output()).contains("Java was not found; install a JDK 17");
  }

  @Test
  void tellsThatJavaIsTooOld() throws Exception {
    for (String version : List.of("1.8.0_402", "11.0.2")) {
      java(version);
      Result result = run("fastai4j", "doctor");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.output()).contains("is Java " + version + "; 17 or newer is needed");
    }
  }

  @Test
  void readsTheVersionFromTheReleaseFile() throws Exception {
    Files.writeString(dir.resolve("release"), "JAVA_VERSION=\"11.0.9\"\n");
    assertThat(run("fastai4j", "doctor").output()).contains("is Java 11.0.9;");
  }

  @Test
  void tellsThatTheCompilerIsMissing() throws Exception {
    Files.delete(bin.resolve("javac"));
    Result result = run("fastai4j", "doctor");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).contains("has no compiler beside it");
  }

  @Test
  void takesTheJavaOfJavaHome() throws Exception {
    Result result = run(Map.of("JAVA_HOME", dir.resolve("none").toString()), "fastai4j");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).contains("JAVA_HOME is " + dir.resolve("none"));
    Files.move(
        bin.resolve("java"), Files.createDirectories(dir.resolve("jdk/bin")).resolve("java"));
    Files.move(bin.resolve("javac"), dir.resolve("jdk/bin/javac"));
    assertThat(run(Map.of("JAVA_HOME", dir.resolve("jdk").toString()), "fastai4j").status())
        .isZero();
  }

  @Test
  void showsWhyTheBuildFailedAndTriesAgain() throws Exception {
    script(bin.resolve("mvn"), MAVEN.replace("echo \"$@\"", "echo ERROR: bad; exit 1; echo"));
    for (int i = 0; i < 2; i++) {
      Result result = run("fastai4j", "doctor");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.output())
          .contains("ERROR: bad", "the build failed")
          .doesNotContain("[doctor]");
    }
  }

  @Test
  void twoFirstRunsBuildOnce() throws Exception {
    script(bin.resolve("mvn"), MAVEN.replace("mkdir -p", "sleep 1; mkdir -p"));
    Process first = start(Map.of(), "fastai4j", "a");
    Process second = start(Map.of(), "fastai4j", "b");
    assertThat(finish(first).output() + finish(second).output())
        .contains("[a]", "[b]", "Building fastai4j");
    assertThat(Files.readAllLines(root.resolve("calls"))).hasSize(1);
  }

  @Test
  void takesOverTheLockOfAProcessThatWasKilled() throws Exception {
    Path lock = Files.createDirectories(root.resolve("fastai4j-app/target/quick/lock"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
    assertThat(run("fastai4j", "doctor").status()).isZero();
    assertThat(lock).doesNotExist();
  }

  @Test
  void theWrapperTellsHowToGetMaven() throws Exception {
    Files.delete(bin.resolve("mvn"));
    Map<String, String> home = Map.of("HOME", dir.toString());
    Result result = run(home, "mvnw", "verify");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).contains("Maven 3.8 or newer is needed", "MVNW_REPOURL");
  }

  @Test
  void theWrapperPassesOverAnOldMaven() throws Exception {
    script(bin.resolve("mvn"), MAVEN.replace("3.9.9", "3.6.3"));
    assertThat(run(Map.of("HOME", dir.toString()), "mvnw", "verify").output())
        .contains("Maven 3.8 or newer is needed");
  }

  private void java(String version) throws IOException {
    script(bin.resolve("java"), JAVA.replace("VERSION", version));
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Result run(String script, String... args) throws IOException, InterruptedException {
    return run(Map.of(), script, args);
  }

  private Result run(Map<String, String> env, String script, String... args)
      throws IOException, InterruptedException {
    return finish(start(env, script, args));
  }

  private Process start(Map<String, String> env, String script, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(root.resolve(script).toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(dir.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().putAll(env);
    return builder.start();
  }

  private static Result finish(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), output);
  }
}
