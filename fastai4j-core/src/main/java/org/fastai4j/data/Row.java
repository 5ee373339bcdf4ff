package org.fastai4j.data;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.dflib.DataFrame;

/**
 * One row of a data frame, as an item of a {@link DataBlock}.
 *
 * <pre>{@code
 * block.getX((Row row) -> path.resolve(row.text("name"))).getY(row -> row.get("label"))
 *     .dataloaders(Row.of(frame))
 * }</pre>
 */
public final class Row {
  private final DataFrame frame;
  private final int number;

  private Row(DataFrame frame, int number) {
    this.frame = frame;
    this.number = number;
  }

  /** The rows of the frame. */
  public static List<Row> of(DataFrame frame) {
    return new Rows(frame);
  }

  private static final class Rows extends AbstractList<Row> implements RandomAccess {
    private final DataFrame frame;

    Rows(DataFrame frame) {
      this.frame = frame;
    }

    @Override
    public Row get(int index) {
      return new Row(frame, Objects.checkIndex(index, frame.height()));
    }

    @Override
    public int size() {
      return frame.height();
    }
  }

  /**
   * The value in this column.
   *
   * @throws DataException if there is no such column, or nothing in it
   */
  public Object get(String column) {
    return find(column)
        .orElseThrow(
            () ->
                new DataException(
                    "row %d has nothing in the column '%s'; fill it in, or leave the row out"
                        .formatted(number, column)));
  }

  /** Whether there is anything in this column. */
  public boolean has(String column) {
    return find(column).isPresent();
  }

  private Optional<Object> find(String column) {
    if (!frame.getColumnsIndex().contains(column)) {
      throw new DataException(
          "there is no column '%s'; there are %s"
              .formatted(column, String.join(", ", frame.getColumnsIndex())));
    }
    return Optional.ofNullable(frame.getColumn(column).get(number));
  }

  /** The value in this column as text. */
  public String text(String column) {
    return get(column).toString();
  }

  /** The number and the values, {@code row 0 {name=3/1.png, label=3}}. */
  @Override
  public String toString() {
    return StreamSupport.stream(frame.getColumnsIndex().spliterator(), false)
        .map(column -> column + "=" + frame.getColumn(column).get(number))
        .collect(Collectors.joining(", ", "row " + number + " {", "}"));
  }
}
