package photofinish.kernels;

import java.util.List;

/**
 * One record of {@code payload.json}; the components are the keys of the contract, in its order.
 */
record Item(
    int id, String user, int qty, int price, boolean active, List<String> tags, String note) {}
