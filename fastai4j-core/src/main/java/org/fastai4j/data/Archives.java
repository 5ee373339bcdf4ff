package org.fastai4j.data;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * Unpacks tar, gzipped tar and zip archives that need not be trusted, in one pass.
 *
 * <p>Refused: names and links that leave the folder, hard links and devices, one name twice, more
 * than the {@link ArchiveLimits}, archives that are cut or damaged. Links are made last, so that no
 * entry is written through one.
 */
final class Archives {
  /** An archive that is cut, damaged or none at all: a fresh copy may mend it. */
  static final class DamagedException extends DataException {
    DamagedException(Path archive, IOException cause) {
      super(
          archive + " is cut short or damaged (" + cause.getMessage() + "); get a fresh copy of it",
          cause);
    }
  }

  private static final int BLOCK = 512;

  private final Path archive;
  private final Path folder;
  private final ArchiveLimits limits;
  private final Set<Path> folders = new HashSet<>();
  private final Map<Path, Path> links = new LinkedHashMap<>();
  private final byte[] buffer = new byte[1 << 16];

  private Archives(Path archive, Path folder, ArchiveLimits limits) {
    this.archive = archive;
    this.folder = folder;
    this.limits = limits;
  }

  /** Unpacks {@code archive} into the empty {@code folder}; on failure the caller deletes that. */
  static void unpack(Path archive, Path folder, ArchiveLimits limits, Progress progress) {
    try (var writer = new FileWriter(archive, folder)) {
      new Archives(archive, folder, limits).unpack(writer, progress);
      writer.finish();
    } catch (ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while unpacking " + archive, e);
    } catch (IOException e) {
      throw new DamagedException(archive, e);
    }
  }

  private void unpack(FileWriter writer, Progress progress) throws IOException {
    long size = Files.size(archive);
    long allowed = limits.bytesFor(size);
    String label = "Unpacking " + archive.getFileName();
    try (var packed = new Counted(Files.newInputStream(archive), Long.MAX_VALUE)) {
      var file = new BufferedInputStream(packed, 1 << 16);
      boolean zip = startsWith(file, 'P', 'K');
      boolean gzip = startsWith(file, 0x1f, 0x8b);
      InputStream plain = gzip ? new GZIPInputStream(file, 1 << 16) : file;
      InputStream content =
          zip ? plain : new BufferedInputStream(new Counted(plain, allowed), 1 << 16);
      if (!zip && !isTar(content)) {
        throw new IOException("it is no tar, tar.gz or zip archive");
      }
      if (!zip && !gzip) {
        checkTarEnds(size);
      }
      ArchiveInputStream<?> entries =
          zip ? new ZipArchiveInputStream(content) : new TarArchiveInputStream(content);
      InputStream body = zip ? new Counted(entries, allowed) : entries;
      long count = 0;
      for (ArchiveEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
        if (++count > limits.entries()) {
          throw refused("holds more than " + limits.entries() + " entries (see ArchiveLimits)");
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new ClosedByInterruptException();
        }
        unpack(e, body, writer);
        progress.updateBytes(label, packed.count, size);
      }
      content.transferTo(OutputStream.nullOutputStream()); // to gzip's checksum at the end
      if (count == 0) {
        throw new IOException("it holds nothing");
      }
      for (var link : links.entrySet()) {
        writer.link(link.getKey(), link.getValue());
      }
    } catch (IllegalArgumentException e) { // commons-compress on some malformed headers
      throw new IOException(e.getMessage(), e);
    }
  }

  private void unpack(ArchiveEntry entry, InputStream body, FileWriter writer) throws IOException {
    Path target = inside(entry.getName());
    if (entry instanceof TarArchiveEntry tar) {
      if (tar.isSymbolicLink()) {
        makeParents(target, writer);
        if (links.put(target, linkTarget(target, tar.getLinkName())) != null) {
          throw refused("holds the link " + entry.getName() + " twice");
        }
        return;
      }
      if (tar.isLink()
          || tar.isSparse()
          || tar.isFIFO()
          || tar.isBlockDevice()
          || tar.isCharacterDevice()) {
        throw refused("holds a hard link, a device or a sparse file: " + entry.getName());
      }
    }
    if (entry.isDirectory()) {
      makeFolders(target, writer);
      return;
    }
    if (target.equals(folder)) {
      throw refused("holds a file with no name");
    }
    makeParents(target, writer);
    int head = body.readNBytes(buffer, 0, buffer.length);
    if (head < buffer.length) {
      writer.write(target, Arrays.copyOf(buffer, head));
      return;
    }
    try (OutputStream out = writer.open(target)) {
      for (int n = head; n > 0; n = body.readNBytes(buffer, 0, buffer.length)) {
        out.write(buffer, 0, n);
      }
    }
  }

  private void makeParents(Path target, FileWriter writer) throws IOException {
    Path parent = target.getParent();
    if (parent != null) {
      makeFolders(parent, writer);
    }
  }

  private void makeFolders(Path target, FileWriter writer) throws IOException {
    if (!target.equals(folder) && folders.add(target)) {
      writer.makeFolders(target);
    }
  }

  /** The place of an entry, or a refusal if its name is absolute or climbs with {@code ..}. */
  private Path inside(String name) {
    if (name.startsWith("/")
        || name.startsWith("\\")
        || name.matches("[A-Za-z]:.*")
        || Arrays.asList(name.split("[/\\\\]", -1)).contains("..")) {
      throw refused("has an entry outside of its folder: " + name);
    }
    try {
      Path target = folder.resolve(name).normalize();
      if (target.startsWith(folder)) {
        return target;
      }
    } catch (InvalidPathException e) {
      // refused below
    }
    throw refused("has an entry with a name that this system cannot hold: " + name);
  }

  /**
   * The target of a link, or a refusal if it leads out of the topmost folder that the link is in:
   * that is what gets moved into place. {@code ..} may only come first, where the folders that it
   * climbs are real ones; behind a name it could climb from wherever another link leads.
   */
  private Path linkTarget(Path link, String text) {
    int depth = folder.relativize(link).getNameCount() - 2;
    try {
      Path target = folder.getFileSystem().getPath(text);
      int climbs = 0;
      while (climbs < target.getNameCount() && target.getName(climbs).toString().equals("..")) {
        climbs++;
      }
      boolean climbsLater = false;
      for (int i = climbs; i < target.getNameCount(); i++) {
        climbsLater |= target.getName(i).toString().equals("..");
      }
      if (!target.isAbsolute()
          && target.getRoot() == null
          && !climbsLater
          && climbs <= Math.max(0, depth)) {
        return target;
      }
    } catch (InvalidPathException e) {
      // refused below
    }
    throw refused("has a link out of its folder: " + folder.relativize(link) + " -> " + text);
  }

  private DataException refused(String why) {
    return new DataException(archive + " was not unpacked: it " + why);
  }

  private static boolean startsWith(InputStream in, int... magic) throws IOException {
    byte[] head = peek(in, magic.length);
    boolean same = head.length == magic.length;
    for (int i = 0; same && i < magic.length; i++) {
      same = (head[i] & 0xff) == magic[i];
    }
    return same;
  }

  private static boolean isTar(InputStream in) throws IOException {
    byte[] header = peek(in, BLOCK);
    try {
      return header.length == BLOCK && TarUtils.verifyCheckSum(header);
    } catch (IllegalArgumentException e) { // no number where the checksum should be
      return false;
    }
  }

  private static byte[] peek(InputStream in, int length) throws IOException {
    in.mark(length);
    byte[] head = in.readNBytes(length);
    in.reset();
    return head;
  }

  /** A tar that is cut between two entries looks whole but for the zeros at its end. */
  private void checkTarEnds(long size) throws IOException {
    try (var channel = Files.newByteChannel(archive, StandardOpenOption.READ)) {
      var end = ByteBuffer.allocate(BLOCK);
      channel.position(Math.max(0, size - BLOCK)).read(end);
      for (byte b : end.array()) {
        if (b != 0) {
          throw new IOException("its end is missing");
        }
      }
    }
  }

  /** Counts the bytes that pass, and refuses more than a limit. */
  private final class Counted extends FilterInputStream {
    private final long limit;
    private long count;

    Counted(InputStream in, long limit) {
      super(in);
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      int n = in.read(b, off, len);
      count += Math.max(0, n);
      if (count > limit) {
        throw refused("unpacks to more than " + limit + " bytes (see ArchiveLimits)");
      }
      return n;
    }
  }
}
