package org.fastai4j.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.LocalExecutionControlProvider;
import org.fastai4j.plot.Display;
import org.fastai4j.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebook, its cells run as a kernel runs them, on a cache with a few drawn digits. */
public class NotebookTest {
  private static final Path NOTEBOOK = Path.of("../notebooks/under-the-hood.ipynb");

  /** What Rapaio's kernel offers to a cell, with places that are numbered. */
  public static final class Kernel {
    private static final List<String> SHOWN = new ArrayList<>();

    private Kernel() {}

    /** Shows something and returns the name of its place. */
    public static String display(String mime, Object what) {
      SHOWN.add(mime + " " + what);
      return Integer.toString(SHOWN.size() - 1);
    }

    /** Shows something else in a place. */
    public static void updateDisplay(String id, String mime, Object what) {
      SHOWN.set(Integer.parseInt(id), mime + " " + what);
    }
  }

  private static List<JsonObject> codeCells() throws IOException {
    JsonObject notebook = JsonParser.parseString(Files.readString(NOTEBOOK)).getAsJsonObject();
    return StreamSupport.stream(notebook.getAsJsonArray("cells").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(cell -> cell.get("cell_type").getAsString().equals("code"))
        .toList();
  }

  private static String source(JsonObject cell) {
    JsonArray lines = cell.getAsJsonArray("source");
    return StreamSupport.stream(lines.spliterator(), false)
        .map(JsonElement::getAsString)
        .collect(Collectors.joining());
  }

  private static void run(JShell shell, String code) {
    String rest = code;
    while (!rest.isBlank()) {
      CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      for (SnippetEvent event : shell.eval(next.source())) {
        assertThat(event.exception()).as(next.source()).isNull();
        assertThat(event.status())
            .as(() -> next.source() + problems(shell, event.snippet()))
            .isEqualTo(Snippet.Status.VALID);
      }
      rest = next.remaining();
    }
  }

  private static String problems(JShell shell, Snippet snippet) {
    return shell
        .diagnostics(snippet)
        .map(problem -> "\n" + problem.getMessage(Locale.ROOT))
        .collect(Collectors.joining());
  }

  @Test
  void runsFromItsFirstCellToItsLast(@TempDir Path home) throws IOException {
    assumeTrue(System.getenv("FASTAI_HOME") == null, "FASTAI_HOME names a cache to leave alone");
    Torch.manualSeed(42); // opens the engine, which has a cache of its own below user.home
    SomeDigits.write(home, "mnist_sample", 150);
    String realHome = System.getProperty("user.home");
    PrintStream realOut = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setProperty("user.home", home.toString());
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (JShell shell =
        JShell.builder()
            .executionEngine(new LocalExecutionControlProvider(), Map.of())
            .compilerOptions("--class-path", System.getProperty("java.class.path"))
            .build()) {
      run(shell, "import static org.fastai4j.app.NotebookTest.Kernel.*;");
      for (JsonObject cell : codeCells()) {
        run(shell, source(cell));
      }
      assertThat(printed.toString(StandardCharsets.UTF_8).lines())
          .contains("[28, 28] uint8", "[150, 28, 28]", "Prediction is 7!", "float32 on cpu")
          .anyMatch(line -> line.startsWith("(#150) [train/3/"))
          .anyMatch(line -> line.matches("\\d+ of 300 digits are read wrong"));
      assertThat(Kernel.SHOWN).hasSize(11);
      assertThat(Kernel.SHOWN).filteredOn(s -> s.startsWith("text/html <img")).hasSize(8);
      assertThat(Kernel.SHOWN.get(7).split("<tr>", -1)).hasSize(1 + 1 + 40); // and the header
    } finally {
      System.setOut(realOut);
      System.setProperty("user.home", realHome);
      Display.toTerminal(System.out, false);
    }
  }

  @Test
  void isCommittedWithoutWhatItPrinted() throws IOException {
    assertThat(codeCells())
        .hasSizeGreaterThan(15)
        .allSatisfy(
            cell -> {
              assertThat(cell.getAsJsonArray("outputs")).isEmpty();
              assertThat(cell.get("execution_count").isJsonNull()).isTrue();
            });
  }
}
