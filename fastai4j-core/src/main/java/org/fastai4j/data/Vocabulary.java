package org.fastai4j.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The classes in the order of their numbers. Strings are sorted as strings, numbers as numbers. */
final class Vocabulary {
  static final String NA = "#na#";

  private static final int SHOWN = 20;

  private final List<Object> classes;
  private final boolean hasNa;
  private final Map<Object, Integer> numbers = new HashMap<>();

  private Vocabulary(Collection<?> classes, boolean addNa) {
    this.classes = new ArrayList<>(classes);
    hasNa = addNa;
    if (addNa) {
      this.classes.add(0, NA);
    }
    for (Object c : this.classes) {
      if (numbers.put(c, numbers.size()) != null) {
        throw new DataException("the class '" + c + "' is named twice");
      }
    }
  }

  /** These classes in this order. */
  static Vocabulary of(List<?> classes, boolean addNa) {
    return new Vocabulary(classes, addNa);
  }

  /** The classes among these labels, sorted, or in the order in which they come. */
  static Vocabulary from(Collection<?> labels, boolean sorted, boolean addNa) {
    Set<Object> seen = new LinkedHashSet<>(labels);
    return new Vocabulary(sorted ? sort(seen) : seen, addNa);
  }

  private static List<Object> sort(Set<Object> labels) {
    Map<Class<?>, Object> types =
        labels.stream().collect(Collectors.toMap(Object::getClass, l -> l, (a, b) -> a));
    if (types.size() > 1) {
      throw new DataException(
          "labels of different types cannot be sorted: %s; make them all strings"
              .formatted(
                  types.entrySet().stream()
                      .map(e -> "'%s' (%s)".formatted(e.getValue(), e.getKey().getSimpleName()))
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    if (labels.stream().anyMatch(l -> !(l instanceof Comparable))) {
      throw new DataException(
          "labels of type %s cannot be sorted; make them strings"
              .formatted(types.keySet().iterator().next().getSimpleName()));
    }
    return labels.stream().sorted().toList();
  }

  int size() {
    return classes.size();
  }

  /** With what was added for unknown classes, if it was, not counted. */
  int known() {
    return hasNa ? size() - 1 : size();
  }

  List<String> names() {
    return classes.stream().map(Object::toString).toList();
  }

  /** The number of a class; 0 for an unknown one where there is a class for those. */
  int number(Object label) {
    Integer number = numbers.get(label);
    if (number != null) {
      return number;
    }
    if (hasNa) {
      return 0;
    }
    List<String> names = names();
    throw new DataException(
        ("the label '%s' is not in the training data, which has %s%s; put an item of that class"
                + " there, name all classes with vocab(...), or let addNa() make a class of what is"
                + " unknown")
            .formatted(
                label,
                String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))),
                names.size() > SHOWN ? ", ..." : ""));
  }

  String name(long number) {
    return classes.get(Objects.checkIndex((int) number, size())).toString();
  }
}
