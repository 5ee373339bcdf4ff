package org.fastai4j.interpret;

/**
 * How often one class was taken for another.
 *
 * @param actual the name of the class the items are of
 * @param predicted the name of the class they were taken for
 * @param count how many items
 */
public record Confusion(String actual, String predicted, long count) {}
