package org.fastai4j.io;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Numbers by name and step in a file that TensorBoard reads: records of {@code Event} messages.
 *
 * <p>A record is the length of its message as a uint64, the masked CRC-32C of these eight bytes,
 * the message, and the masked CRC-32C of that; all little-endian. Readers stop at a record that
 * ends too early, as the last one of a process that was killed may.
 */
public final class EventFile implements AutoCloseable {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int SESSION_LOG = 7;
  private static final int STATUS = 1;
  private static final int START = 1;

  private final Path file;
  private final OutputStream out;

  private EventFile(Path file) throws IOException {
    this.file = file;
    out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
  }

  /**
   * Begins a new file in {@code folder}, which is made if it is not there. What its earlier files
   * have at {@code first} and later steps counts no more; readers drop it.
   */
  public static EventFile in(Path folder, long first) {
    try {
      Files.createDirectories(folder);
      EventFile events = create(folder);
      events.record(event().text(FILE_VERSION, "brain.Event:2"));
      events.record(
          event().number(STEP, first).message(SESSION_LOG, new Proto().number(STATUS, START)));
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no file for TensorBoard could be made in "
              + folder
              + ": "
              + e
              + "; name a folder that can be written to",
          e);
    }
  }

  /** Named by the time; readers take the files of a folder in the order of their names. */
  private static EventFile create(Path folder) throws IOException {
    for (long now = System.currentTimeMillis(); ; now++) {
      try {
        return new EventFile(folder.resolve("events.out.tfevents." + now + ".fastai4j"));
      } catch (FileAlreadyExistsException e) {
        // another writer has this millisecond: take the next
      }
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Writes down that {@code tag} was {@code value} at {@code step}. */
  public void scalar(String tag, double value, long step) {
    Proto number = new Proto().text(TAG, tag).real(SIMPLE_VALUE, (float) value);
    record(event().number(STEP, step).message(SUMMARY, new Proto().message(VALUE, number)));
  }

  private static Proto event() {
    return new Proto().real(WALL_TIME, System.currentTimeMillis() / 1000.0);
  }

  private void record(Proto event) {
    try {
      ByteBuffer length =
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(event.size());
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      event.writeTo(Channels.newChannel(message));
      out.write(length.array());
      out.write(masked(length.array()));
      out.write(message.toByteArray());
      out.write(masked(message.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file + ": " + e, e);
    }
  }

  /** TensorFlow's mask, since a checksum of data that hold checksums is of little use. */
  private static byte[] masked(byte... bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    int mask = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(mask).array();
  }

  /** Hands what was written to the system, so that readers see it. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file + ": " + e, e);
    }
  }
}
