package org.fastai4j.vision;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.fastai4j.tensor.DType;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;

/**
 * Decoded images of any size by their numbers, outside the Java heap, as many as fit; the rest is
 * made again each time. Several threads may ask at once.
 */
final class ImageCache {
  private static final long PART = 256L << 20;

  private record Place(ByteBuffer memory, int width, int height, int channels) {}

  private final long limit;
  private final AtomicReferenceArray<Place> places;
  private long kept;
  private ByteBuffer part = ByteBuffer.allocate(0);

  ImageCache(int items, long limit) {
    this.limit = Math.max(0, limit);
    places = new AtomicReferenceArray<>(this.limit == 0 ? 0 : items);
  }

  /** The most it may take. */
  long limit() {
    return limit;
  }

  /** The image of this number, from memory if it is there, else made. */
  Image get(int item, Supplier<Image> make) {
    if (limit == 0) {
      return make.get();
    }
    Place place = places.get(item);
    if (place == null) {
      Image image = make.get();
      ByteBuffer memory = room(image.pixels().length);
      if (memory.hasRemaining()) {
        memory.put(0, image.pixels());
        places.set(item, new Place(memory, image.width(), image.height(), image.channels()));
      }
      return image;
    }
    byte[] pixels = new byte[place.width * place.height * place.channels];
    place.memory.get(0, pixels);
    return Image.flattened(place.width, place.height, place.channels, pixels);
  }

  /** Memory for so many bytes, or none. */
  private synchronized ByteBuffer room(int bytes) {
    if (kept + bytes > limit) {
      return ByteBuffer.allocate(0);
    }
    if (part.remaining() < bytes) {
      long size = Math.max(bytes, Math.min(PART, limit - kept));
      part = Scope.compute(() -> Tensor.empty(DType.UINT8, size).asByteBuffer());
    }
    kept += bytes;
    ByteBuffer room = part.slice(part.position(), bytes);
    part.position(part.position() + bytes);
    return room;
  }
}
