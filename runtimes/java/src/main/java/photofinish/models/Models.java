package photofinish.models;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The models this runtime has, by the id that {@code MODEL} names. */
public final class Models {
  private static final Map<String, Model> BY_ID =
      Stream.of(new PlatformPool(), new VirtualThreads())
          .collect(Collectors.toUnmodifiableMap(Model::id, Function.identity()));

  private Models() {}

  /** All ids. */
  public static Set<String> ids() {
    return BY_ID.keySet();
  }

  /**
   * @param id one of {@link #ids()}
   */
  public static Model named(String id) {
    return BY_ID.get(id);
  }
}
