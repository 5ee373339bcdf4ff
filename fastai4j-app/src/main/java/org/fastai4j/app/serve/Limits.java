package org.fastai4j.app.serve;

import java.time.Duration;

/**
 * How much the server takes from anybody.
 *
 * @param bytes of a request's body; more is answered with 413
 * @param pixels of an image, checked before memory is taken for them; more is answered with 422
 * @param connections open at once; further ones wait in the system's backlog
 * @param requests worked on at once
 * @param queue requests, and images, that may wait; more are answered with 503
 * @param idle how long a connection may say nothing
 * @param decode how long an image may take to be read, then 422
 * @param answer how long a request may wait for its turn or its prediction, then 503
 * @param upload how long a body may take to come
 */
public record Limits(
    long bytes,
    long pixels,
    int connections,
    int requests,
    int queue,
    Duration idle,
    Duration decode,
    Duration answer,
    Duration upload) {
  /** For one computer or a small team. */
  public static final Limits DEFAULT =
      new Limits(
          8L << 20,
          25_000_000,
          128,
          56,
          256,
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60));

  Limits withBytes(long bytes) {
    return new Limits(bytes, pixels, connections, requests, queue, idle, decode, answer, upload);
  }

  Limits withQueue(int requests, int queue) {
    return new Limits(bytes, pixels, connections, requests, queue, idle, decode, answer, upload);
  }

  Limits withTimes(Duration idle, Duration answer, Duration upload) {
    return new Limits(bytes, pixels, connections, requests, queue, idle, decode, answer, upload);
  }

  Limits withDecode(Duration decode) {
    return new Limits(bytes, pixels, connections, requests, queue, idle, decode, answer, upload);
  }
}
