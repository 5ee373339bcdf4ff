package org.fastai4j.data;

import java.net.URI;
import java.nio.file.Path;

/** {@code untarData} on the standard {@link DataCache}: fastai's {@code fastai.data.external}. */
public final class ExternalData {
  private ExternalData() {}

  /** The folder of a data set of {@link URLs}; see {@link DataCache#untarData(DataSource)}. */
  public static Path untarData(DataSource source) {
    return DataCache.standard().untarData(source);
  }

  /** The folder of what lies at an address; see {@link DataCache#untarData(String)}. */
  public static Path untarData(String address) {
    return DataCache.standard().untarData(address);
  }

  /** The folder of what lies at an address; see {@link DataCache#untarData(URI)}. */
  public static Path untarData(URI address) {
    return DataCache.standard().untarData(address);
  }

  /** The folder of what a local archive holds; see {@link DataCache#untarData(Path)}. */
  public static Path untarData(Path archive) {
    return DataCache.standard().untarData(archive);
  }
}
