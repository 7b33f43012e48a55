/*
 * Addresses that are nobody's on the public internet: a URL that leads to one leads into the
 * operator's own network.
 */
#ifndef RULES_ADDRESS_H
#define RULES_ADDRESS_H

#include <stdbool.h>

/* Loopback, private, link-local, shared (100.64/10), multicast, unspecified, reserved. */
bool address_is_private4(const unsigned char bytes[4]);

/* Likewise; of an address that holds one of IPv4 (mapped, 6to4, NAT64) that one counts. */
bool address_is_private6(const unsigned char bytes[16]);

#endif
