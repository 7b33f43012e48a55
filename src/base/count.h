/*
 * How many elements an array has: of the array itself, never of a pointer to it.
 */
#ifndef BASE_COUNT_H
#define BASE_COUNT_H

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
