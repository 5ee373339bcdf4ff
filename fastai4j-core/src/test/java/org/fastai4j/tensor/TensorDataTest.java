package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Elements in and out: arrays, buffers, lists, streams, channels. */
class TensorDataTest {
  @Test
  void takesEveryPrimitiveArray() {
    assertThat(Tensor.of(new float[] {1, 2.5f}).toFloatArray()).containsExactly(1, 2.5f);
    assertThat(Tensor.of(new double[] {1, 0.1}).toDoubleArray()).containsExactly(1, 0.1);
    assertThat(Tensor.of(new int[] {1, -2}).toIntArray()).containsExactly(1, -2);
    assertThat(Tensor.of(new long[] {1, Long.MIN_VALUE}).toLongArray())
        .containsExactly(1, Long.MIN_VALUE);
    assertThat(Tensor.of(new short[] {1, -3}).toShortArray())
        .containsExactly((short) 1, (short) -3);
    assertThat(Tensor.of(new byte[] {1, -1}).toByteArray()).containsExactly((byte) 1, (byte) -1);
    assertThat(Tensor.of(new boolean[] {true, false}).toBooleanArray())
        .containsExactly(true, false);
    assertThat(Tensor.of(new char[] {'a', '名'}).toIntArray()).containsExactly('a', '名');
  }

  @Test
  void givesEveryArrayItsDType() {
    assertThat(Tensor.of(new float[1])).hasDType(DType.FLOAT32);
    assertThat(Tensor.of(new double[1])).hasDType(DType.FLOAT64);
    assertThat(Tensor.of(new int[1])).hasDType(DType.INT32);
    assertThat(Tensor.of(new long[1])).hasDType(DType.INT64);
    assertThat(Tensor.of(new short[1])).hasDType(DType.INT16);
    assertThat(Tensor.of(new byte[1])).hasDType(DType.UINT8);
    assertThat(Tensor.of(new boolean[1])).hasDType(DType.BOOL);
    assertThat(Tensor.of(new char[1])).hasDType(DType.INT32);
  }

  @Test
  void readsBytesAsPixels() {
    assertThat(Tensor.of(new byte[] {-1, 0, 127}).toIntArray()).containsExactly(255, 0, 127);
  }

  @Test
  void convertsOnTheWayOut() {
    Tensor t = Tensor.of(new double[] {1.9, -2.9});
    assertThat(t.toIntArray()).containsExactly(1, -2);
    assertThat(t.toFloatArray()).containsExactly(1.9f, -2.9f);
    assertThat(t.toBooleanArray()).containsExactly(true, true);
    assertThat(t.toList()).containsExactly(1.9, -2.9);
    assertThat(Tensor.ones(DType.BFLOAT16, 2).toFloatArray()).containsExactly(1, 1);
  }

  @Test
  void takesAndGivesNestedArrays() {
    double[][][] nested = {{{1, 2, 3}, {4, 5, 6}}};
    Tensor t = Tensor.of(nested);
    assertThat(t).hasShape(1, 2, 3).hasDType(DType.FLOAT64);
    assertThat((double[][][]) t.toArray()).isDeepEqualTo(nested);
    assertThat(Tensor.of(new boolean[2][0])).hasShape(2, 0);
    assertThat((byte[][]) Tensor.ones(DType.UINT8, 1, 2).toArray())
        .isDeepEqualTo(new byte[][] {{1, 1}});
  }

  @Test
  void refusesRowsOfDifferentLengths() {
    assertThatThrownBy(() -> Tensor.of((Object) new int[][] {{1, 2}, {3}}))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "of: the rows of axis 1 differ in length: 2 and 1; a tensor's rows are all of one"
                + " length");
  }

  @Test
  void refusesWhatIsNoArrayOfNumbers() {
    assertThatThrownBy(() -> Tensor.of((Object) new String[] {"1"}))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("String[]");
    assertThatThrownBy(() -> Tensor.of((Object) "1")).hasMessageContaining("String");
  }

  @Test
  void refusesAShapeOfAnotherSize() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(TensorException.class)
        .hasMessage("of: 5 elements do not fill shape [2, 3], which has 6");
  }

  @Test
  void copiesWhatIsLeftOfABuffer() {
    FloatBuffer b = FloatBuffer.wrap(new float[] {9, 1, 2, 9}).position(1).limit(3);
    Tensor t = Tensor.of(b, 2, 1);
    b.put(1, 7);
    assertThat(t).hasShape(2, 1);
    assertThat(t.toFloatArray()).containsExactly(1, 2);
    assertThat(b.position()).isEqualTo(1);
    assertThat(Tensor.of(DoubleBuffer.wrap(new double[] {1})).toDoubleArray()).containsExactly(1);
    assertThat(Tensor.of(IntBuffer.wrap(new int[] {1})).toIntArray()).containsExactly(1);
    assertThat(Tensor.of(LongBuffer.wrap(new long[] {1})).toLongArray()).containsExactly(1);
    assertThat(Tensor.of(ShortBuffer.wrap(new short[] {1})).toIntArray()).containsExactly(1);
    assertThat(Tensor.of(CharBuffer.wrap("a")).toIntArray()).containsExactly('a');
    assertThat(Tensor.of(ByteBuffer.wrap(new byte[] {-1}))).hasDType(DType.UINT8);
  }

  @Test
  void copiesABufferOfTheOtherByteOrder() {
    ByteBuffer b = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN);
    b.putFloat(0, 1.5f).putFloat(4, -2);
    assertThat(Tensor.of(b.asFloatBuffer()).toFloatArray()).containsExactly(1.5f, -2);
  }

  @Test
  void takesLists() {
    assertThat(Tensor.of(List.of(1, 2, 3))).hasDType(DType.INT64);
    assertThat(Tensor.of(List.of((short) 1, 2L)).toLongArray()).containsExactly(1, 2);
    assertThat(Tensor.of(List.of(1, 2.5))).hasDType(DType.FLOAT32);
    assertThat(Tensor.of(List.<Integer>of())).hasShape(0).hasDType(DType.FLOAT32);
  }

  @Test
  void takesStreams() {
    assertThat(Tensor.of(IntStream.range(0, 3))).hasDType(DType.INT32).hasShape(3);
    assertThat(Tensor.of(LongStream.of(1L << 60)).itemLong()).isEqualTo(1L << 60);
    assertThat(Tensor.of(DoubleStream.of(0.1)).toDoubleArray()).containsExactly(0.1);
    assertThat(Tensor.of(Stream.of(1, 2)).toLongArray()).containsExactly(1, 2);
    assertThat(Tensor.arange(3).longStream().sum()).isEqualTo(3);
    assertThat(Tensor.arange(3).stream().sum()).isEqualTo(3);
  }

  @Test
  void sharesMemoryWithAWrappedBuffer() {
    FloatBuffer b = direct(16).asFloatBuffer();
    Tensor t = Tensor.wrap(b, 2, 2);
    b.put(1, 5);
    assertThat(t.toFloatArray()).containsExactly(0, 5, 0, 0);
    t.select(0, 1).fill_(3);
    assertThat(new float[] {b.get(2), b.get(3)}).containsExactly(3, 3);
  }

  @Test
  void wrapsWhatIsLeftOfABuffer() {
    IntBuffer b = direct(16).asIntBuffer();
    b.put(new int[] {1, 2, 3, 4}).position(1).limit(3);
    assertThat(Tensor.wrap(b).toIntArray()).containsExactly(2, 3);
  }

  @Test
  void wrapsEveryKindOfBuffer() {
    assertThat(Tensor.wrap(direct(8))).hasDType(DType.UINT8).hasShape(8);
    assertThat(Tensor.wrap(direct(8).asDoubleBuffer())).hasDType(DType.FLOAT64).hasShape(1);
    assertThat(Tensor.wrap(direct(8).asLongBuffer())).hasDType(DType.INT64).hasShape(1);
    assertThat(Tensor.wrap(direct(8).asShortBuffer())).hasDType(DType.INT16).hasShape(4);
    assertThat(Tensor.wrap(direct(0))).hasShape(0);
    assertThatThrownBy(() -> Tensor.wrap(direct(8).asCharBuffer()))
        .isInstanceOf(TensorException.class);
  }

  @Test
  void refusesToWrapWhatItCannotShare() {
    assertThatThrownBy(() -> Tensor.wrap(FloatBuffer.allocate(2)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("ByteBuffer.allocateDirect");
    assertThatThrownBy(() -> Tensor.wrap(direct(8).asReadOnlyBuffer()))
        .hasMessageContaining("writable");
    assertThatThrownBy(() -> Tensor.wrap(direct(8).order(ByteOrder.BIG_ENDIAN).asFloatBuffer()))
        .hasMessageContaining("byte order");
    assertThatThrownBy(() -> Tensor.wrap(direct(8), 9)).hasMessageContaining("do not fill");
  }

  @Test
  void keepsAWrappedBufferWhileAViewLivesAndNoLonger() {
    Tensor[] view = new Tensor[1];
    WeakReference<ByteBuffer> buffer = wrapAndView(view);
    try (Scope s = Scope.open()) {
      collect(() -> false);
      assertThat(buffer.get()).isNotNull();
      assertThat(view[0].toByteArray()).containsOnly((byte) 7);
    }
    view[0].close();
    collect(() -> buffer.get() == null);
    assertThat(buffer.get()).isNull();
  }

  private static WeakReference<ByteBuffer> wrapAndView(Tensor... view) {
    ByteBuffer b = direct(1 << 16);
    for (int i = 0; i < b.capacity(); i++) {
      b.put(i, (byte) 7);
    }
    view[0] = Scope.compute(() -> Tensor.wrap(b).narrow(0, 100, 1000));
    return new WeakReference<>(b);
  }

  private static void collect(java.util.function.BooleanSupplier done) {
    for (int i = 0; i < 20 && !done.getAsBoolean(); i++) {
      System.gc();
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Test
  void readsABufferAfterItsTensorWasClosed() {
    ByteBuffer b = bufferOfAClosedTensor();
    Scope.run(() -> Tensor.zeros(1000)); // would reuse the memory if it were free
    assertThat(b.order()).isEqualTo(ByteOrder.nativeOrder());
    for (int i = 0; i < 1000; i++) {
      assertThat(b.getFloat(4 * i)).isEqualTo(i);
    }
  }

  private static ByteBuffer bufferOfAClosedTensor() {
    return Scope.compute(() -> Tensor.arange(0.0, 1000.0, 1.0).asByteBuffer());
  }

  @Test
  void refusesABufferOverScatteredElements() {
    assertThatThrownBy(() -> Tensor.ones(2, 3).t().asByteBuffer())
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("contiguous()");
  }

  @Test
  void readsATransposedTensorInItsOwnOrder() {
    Tensor t = Tensor.arange(6).view(2, 3).t();
    assertThat(t.toLongArray()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat((long[][]) t.toArray()).isDeepEqualTo(new long[][] {{0, 3}, {1, 4}, {2, 5}});
  }

  @Test
  void givesEmptyArraysOfEmptyTensors() {
    assertThat(Tensor.zeros(0).toFloatArray()).isEmpty();
    assertThat(Tensor.zeros(DType.BOOL, 0, 3).toBooleanArray()).isEmpty();
    assertThat(Tensor.zeros(DType.INT64, 0).toLongArray()).isEmpty();
    assertThat((float[][]) Tensor.zeros(2, 0).toArray()).isDeepEqualTo(new float[2][0]);
    assertThat(Tensor.of(new int[0])).hasShape(0);
    assertThat(Tensor.zeros(0).asByteBuffer().remaining()).isZero();
  }

  @Test
  void givesScalars() {
    assertThat(Tensor.scalar(2.5).item()).isEqualTo(2.5);
    assertThat(Tensor.scalar(2.5)).hasShape();
    assertThat(Tensor.scalar(2.5).toArray()).isEqualTo(2.5f);
    assertThat(Tensor.ones(DType.BOOL).item()).isEqualTo(1);
    assertThat(Tensor.of(new long[] {Long.MAX_VALUE}).itemLong()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> Tensor.ones(2).item())
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("has 2 elements");
  }

  @Test
  void goesThroughAChannelAndBack() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Tensor t = Tensor.arange(6).view(2, 3).t();
    t.writeTo(Channels.newChannel(out));
    assertThat(out.size()).isEqualTo(48);
    Tensor back =
        Tensor.zeros(DType.INT64, 3, 2)
            .readFrom_(Channels.newChannel(new ByteArrayInputStream(out.toByteArray())));
    assertThat(back).isCloseTo(t);
    Tensor.zeros(0).writeTo(Channels.newChannel(out));
    assertThat(out.size()).isEqualTo(48);
  }

  @Test
  void copiesRowsIntoMemoryThatIsThere() {
    Tensor source = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Tensor rows = Tensor.empty(DType.INT32, 4, 2).copyRows_(source, 2, 0, 0, 1);
    assertThat(rows).isCloseTo(Tensor.of(new int[] {5, 6, 1, 2, 1, 2, 3, 4}, 4, 2));
    assertThatThrownBy(() -> rows.copyRows_(source, 0, 1, 2, 3))
        .hasMessage("copyRows_: there is no row 3 of 3");
    assertThatThrownBy(() -> rows.copyRows_(source, 0))
        .hasMessage("copyRows_: 1 rows of [3, 2] int32 do not fit [4, 2] int32");
    assertThatThrownBy(() -> Tensor.empty(DType.INT32, 2, 1).copyRows_(rows.t(), 0, 1))
        .isInstanceOf(TensorException.class);
  }

  @Test
  void tellsThatAChannelEndsTooSoon() {
    assertThatThrownBy(
            () ->
                Tensor.zeros(3)
                    .readFrom_(Channels.newChannel(new ByteArrayInputStream(new byte[11]))))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(
            () ->
                Tensor.zeros(2, 3)
                    .t()
                    .readFrom_(Channels.newChannel(new ByteArrayInputStream(new byte[24]))))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("not contiguous");
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
