package org.fastai4j.data;

/**
 * The most that an archive may hold before unpacking it is refused.
 *
 * @param entries files, folders and links
 * @param bytes unpacked size
 * @param ratio unpacked bytes for each byte of the archive; never refuses the first 64 MiB
 */
public record ArchiveLimits(long entries, long bytes, double ratio) {
  /** A million entries, 50 GB, and 250 bytes for each packed one. */
  public static final ArchiveLimits DEFAULT = new ArchiveLimits(1_000_000, 50_000_000_000L, 250);

  private static final long ALWAYS_ALLOWED = 64 << 20;

  /** Bytes that an archive of {@code packed} bytes may unpack to. */
  long bytesFor(long packed) {
    return Math.min(bytes, Math.max(ALWAYS_ALLOWED, (long) (packed * ratio)));
  }
}
