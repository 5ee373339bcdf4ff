package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fastai4j.plot.Display;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellCommandTest {
  private final Path dir;
  private final Cli cli = new Cli();

  ShellCommandTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @AfterEach
  void showsOnStandardOutputAgain() {
    Display.toTerminal(System.out, false);
  }

  private int run(String... lines) throws IOException {
    Path file = Files.write(dir.resolve("lines.jsh"), List.of(lines));
    return cli.run("shell", file.toString());
  }

  @Test
  void runsLinesWithTheLibrarysNamesImported() throws IOException {
    int status =
        run(
            "Tensor t = Tensor.arange(6).view(2, 3);",
            "Module net = new Sequential(new Linear(3, 2), new ReLU());",
            "show(StyledTable.of(t));",
            "show(showImage(t.toFloat()));",
            "/exit net.parameters().size()");
    assertThat(status).isEqualTo(2);
    assertThat(cli.out()).contains("0  0  1  2").contains("@").doesNotContain("rror");
  }

  @Test
  void offersTheRangeOfNumbersBesideThatOfIndices() throws IOException {
    int status = run("/exit range(5).size() + Tensor.arange(9).get(range(2, 4)).toIntArray()[1]");
    assertThat(status).isEqualTo(5 + 3);
  }

  @Test
  void everyLineOfTheHelpCompiles() throws IOException {
    String help = Files.readString(Path.of("src/main/resources/org/fastai4j/app/shell.jsh"));
    List<String> lines =
        help.lines()
            .filter(line -> line.startsWith("    "))
            .map(line -> line.strip().replaceFirst(" {3,}.*", ""))
            .filter(line -> !line.contains("fit") && !line.contains("plotLoss"))
            .toList();
    assertThat(lines).hasSizeGreaterThan(8);
    run(
        String.join("\n", lines).replace("URLs.DIGITS_SAMPLE", "Path.of(\"no such data\")"),
        "/exit");
    assertThat(cli.out()).doesNotContain("cannot find symbol").doesNotContain("incompatible");
  }

  @Test
  void printsValuesWithoutPromptsWhereNobodyTypes() throws Exception {
    Path lines = Files.writeString(dir.resolve("lines"), "int a = 3\na + 1\nnone\n/exit a\n");
    Path printed = dir.resolve("printed");
    Process process =
        Cli.java("-Dfastai4j.terminal=none", Main.class.getName(), "shell")
            .redirectErrorStream(false)
            .redirectInput(lines.toFile())
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(3);
    assertThat(printed).content().contains("==> 4\n|  Error:").doesNotContain("jshell>", "->");
  }

  @Test
  void namesAFileThatIsMissing() {
    assertThat(cli.run("shell", dir.resolve("none.jsh").toString())).isEqualTo(Main.USAGE);
    assertThat(cli.err()).contains("none.jsh").contains("no such file");
  }
}
