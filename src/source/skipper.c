/*
 * The skipper of values too large to keep: see skipper.h.
 */
#include "base/space.h"
#include "source/skipper.h"

void
skipper_init(struct skipper *sk)
{
	*sk = (struct skipper){.state = SKIPPER_WITHIN};
}

static void
skip_in_string(struct skipper *sk, char c)
{
	if ((unsigned char)c < 0x20) {
		sk->state = SKIPPER_FAULT;
	} else if (sk->is_escaped) {
		sk->is_escaped = false;
	} else if (c == '\\') {
		sk->is_escaped = true;
	} else if (c == '"') {
		sk->is_in_string = false;
		sk->has_value = true;
	}
}

static void
open_value(struct skipper *sk, char c)
{
	if (sk->has_value || (c != '"' && sk->depth == JSON_MAX_DEPTH)) {
		sk->state = SKIPPER_FAULT;
	} else if (c == '"') {
		sk->is_in_string = true;
	} else {
		sk->closing[sk->depth++] = c == '{' ? '}' : ']';
	}
}

static void
close_container(struct skipper *sk, char c)
{
	if (sk->depth == 0 || sk->closing[sk->depth - 1] != c) {
		sk->state = SKIPPER_FAULT;
		return;
	}
	sk->depth--;
	sk->has_value = true;
}

static void
skip_outside(struct skipper *sk, char c)
{
	switch (c) {
	case '"':
	case '{':
	case '[':
		open_value(sk, c);
		break;
	case '}':
	case ']':
		close_container(sk, c);
		break;
	case ',':
	case ':':
		sk->has_value = false;
		break;
	default:
		sk->has_value |= !space_is(c);
		break;
	}
}

size_t
skipper_feed(struct skipper *sk, struct str piece)
{
	for (size_t i = 0; i < piece.len; i++) {
		if (sk->is_in_string)
			skip_in_string(sk, piece.ptr[i]);
		else
			skip_outside(sk, piece.ptr[i]);
		if (sk->state == SKIPPER_FAULT)
			return i;
		if (sk->depth == 0 && !sk->is_in_string) {
			/* a number has no end of its own; one that is too large is nothing */
			sk->state =
			    piece.ptr[i] == '"' || piece.ptr[i] == '}' || piece.ptr[i] == ']'
				? SKIPPER_DONE
				: SKIPPER_FAULT;
			return i + 1;
		}
	}
	return piece.len;
}
