package photofinish.contract;

import java.util.Map;

/**
 * What {@code /info} answers: the harness's schema {@code info}, component by component and in its
 * order. Null means that the model has no such thing.
 */
public record Info(
    String runtime,
    String version,
    String model,
    String nonce,
    int cores,
    int coresSeen,
    int processes,
    Integer threads,
    Integer cpuPool,
    Integer upstreamPool,
    Integer databasePool,
    String cpuWork,
    String server,
    String eventLoop,
    String gil,
    String gc,
    boolean noDelay,
    double keepAliveSeconds,
    int backlog,
    Map<String, String> libraries) {}
