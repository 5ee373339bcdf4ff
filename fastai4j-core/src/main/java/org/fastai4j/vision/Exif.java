package org.fastai4j.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where up is in a photograph: the orientation that EXIF data tell, 1 to 8, 1 being upright.
 *
 * <p>Reference: JEITA CP-3451, Exif 2.3, 4.6.4 and 4.6.8. A TIFF file is laid out as EXIF data are.
 */
final class Exif {
  private static final int ORIENTATION = 0x0112;

  private Exif() {}

  /** The orientation in the EXIF data that begin at {@code from}; 1 if it is not told. */
  static int orientation(byte[] data, int from, int to) {
    ByteBuffer exif = ByteBuffer.wrap(data, from, to - from).slice();
    try {
      if (exif.getInt(0) == 0x45786966) { // "Exif", two zeros
        exif = exif.position(6).slice();
      }
      exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int directory = exif.getInt(4);
      int entries = exif.getShort(directory) & 0xFFFF;
      for (int i = 0; i < entries; i++) {
        int at = directory + 2 + 12 * i;
        if ((exif.getShort(at) & 0xFFFF) == ORIENTATION) {
          int value = exif.getShort(at + 8);
          return value >= 1 && value <= 8 ? value : 1;
        }
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return 1; // damaged notes do not spoil the picture
    }
    return 1;
  }

  /** The orientation in the first {@code EXIF} chunk of a WebP file. */
  static int orientationOfWebP(byte[] file, int length) {
    ByteBuffer riff = ByteBuffer.wrap(file, 0, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    int at = 12;
    while (at >= 0 && at < length - 8) {
      if (riff.getInt(at) == 0x46495845) {
        return orientation(file, at + 8, length);
      }
      int size = riff.getInt(at + 4);
      at = size < 0 ? -1 : at + 8 + size + (size & 1);
    }
    return 1;
  }
}
