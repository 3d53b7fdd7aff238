"""What a plan file says, said back before a second is spent on solving: each rule, relation, lock, gate and bound in words, with what it
touches and the least and most that it can come to."""
