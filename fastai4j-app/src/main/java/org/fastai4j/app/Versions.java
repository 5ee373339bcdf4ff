package org.fastai4j.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * The versions that {@code --version} prints; written by the build, so that no library is opened.
 */
final class Versions implements IVersionProvider {
  private final Properties built = new Properties();

  Versions() {
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      if (in != null) {
        built.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("versions.properties of the fastai4j-app jar is damaged", e);
    }
  }

  String fastai4j() {
    return built.getProperty("fastai4j", "unknown");
  }

  /** The version of libtorch, without that of its Java binding. */
  String libtorch() {
    String both = built.getProperty("libtorch", "unknown");
    return both.contains("-") ? both.substring(0, both.lastIndexOf('-')) : both;
  }

  /** The version of the Java binding of libtorch. */
  String javacpp() {
    String both = built.getProperty("libtorch", "unknown");
    return both.substring(both.lastIndexOf('-') + 1);
  }

  static String java() {
    return Runtime.version() + " (" + System.getProperty("java.vendor", "unknown vendor") + ")";
  }

  static String os() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version");
  }

  /** The name of this system's native libraries, such as {@code linux-x86_64}. */
  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : os)
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch.equals("aarch64") ? "arm64" : arch);
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "fastai4j " + fastai4j(),
      "libtorch " + libtorch() + " (JavaCPP " + javacpp() + ")",
      "Java " + java(),
      "OS " + os() + ", platform " + platform()
    };
  }
}
