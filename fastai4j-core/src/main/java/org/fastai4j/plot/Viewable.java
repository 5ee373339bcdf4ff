package org.fastai4j.plot;

/** Something to look at: a figure or a table, in a page or in a terminal. */
public interface Viewable {
  /** As a piece of HTML that needs nothing else. */
  String html();

  /** As lines for a terminal with 24-bit color. */
  String ansi();

  /** As lines of plain characters. */
  String text();
}
