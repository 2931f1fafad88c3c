// Heat on a plate, for a real MPI program whose result can be checked: each process has a band of rows, gives its outer rows to its neighbours in each step,
// and all agree on the greatest change and on whether to go on. Processes are numbers of a ring without ends, so that each has two neighbours to talk to.
//   mpirun -n 4 heat ROWS COLUMNS STEPS [FILE]     ends after so many steps, or earlier: after the one in which the first process sees FILE
// The first process prints the field's fingerprint, which for a number of steps is the same wherever and however fast it ran, and the longest step.
#include <inttypes.h>
#include <math.h>
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double *row(double *field, int columns, int number) { return field + (size_t)number * columns; }

// FNV-1a over the bits of all rows, in the order of the processes.
static uint64_t fingerprint(uint64_t hash, const double *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    for (int byte = 0; byte < 8; byte++) hash = (hash ^ ((bits >> (8 * byte)) & 255)) * 1099511628211ULL;
  }
  return hash;
}

int main(int count, char **words) {
  MPI_Init(&count, &words);
  int me, all;
  MPI_Comm_rank(MPI_COMM_WORLD, &me);
  MPI_Comm_size(MPI_COMM_WORLD, &all);
  int rows = count > 1 ? atoi(words[1]) : 0, columns = count > 2 ? atoi(words[2]) : 0, steps = count > 3 ? atoi(words[3]) : 0;
  if (rows < all || rows % all != 0 || columns < 3 || steps < 1) {
    if (me == 0) fprintf(stderr, "usage: mpirun -n N heat ROWS COLUMNS STEPS [FILE]; ROWS a multiple of N, COLUMNS at least 3\n");
    MPI_Finalize();
    return 2;
  }

  const char *enough = count > 4 ? words[4] : NULL;
  int band = rows / all, above = (me + all - 1) % all, below = (me + 1) % all;
  double *now = calloc((size_t)(band + 2) * columns, sizeof *now), *next = calloc((size_t)(band + 2) * columns, sizeof *next);
  for (int i = 1; i <= band; i++)
    for (int j = 0; j < columns; j++) row(now, columns, i)[j] = (double)((me * band + i) * 7919 % 1000) * (j * 104729 % 1000) / 1000.0;

  double begun = MPI_Wtime(), last = begun, longest = 0, longest_at = 0, agreed[2] = {0, 0};
  int slow = 0, done = 0;
  for (int step = 1; step <= steps && agreed[1] == 0; step++) {
    MPI_Request waits[4];
    MPI_Irecv(row(now, columns, 0), columns, MPI_DOUBLE, above, 1, MPI_COMM_WORLD, &waits[0]);
    MPI_Irecv(row(now, columns, band + 1), columns, MPI_DOUBLE, below, 2, MPI_COMM_WORLD, &waits[1]);
    MPI_Isend(row(now, columns, band), columns, MPI_DOUBLE, below, 1, MPI_COMM_WORLD, &waits[2]);
    MPI_Isend(row(now, columns, 1), columns, MPI_DOUBLE, above, 2, MPI_COMM_WORLD, &waits[3]);
    MPI_Waitall(4, waits, MPI_STATUSES_IGNORE);
    double mine[2] = {0, me == 0 && enough != NULL && access(enough, F_OK) == 0};
    for (int i = 1; i <= band; i++) {
      double *here = row(now, columns, i), *up = row(now, columns, i - 1), *down = row(now, columns, i + 1), *there = row(next, columns, i);
      for (int j = 0; j < columns; j++) {
        int left = j == 0 ? columns - 1 : j - 1, right = j == columns - 1 ? 0 : j + 1;
        there[j] = 0.5 * here[j] + 0.125 * (up[j] + down[j] + here[left] + here[right]);
        mine[0] = fmax(mine[0], fabs(there[j] - here[j]));
      }
    }
    double *swap = now;
    now = next;
    next = swap;
    MPI_Allreduce(mine, agreed, 2, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    double at = MPI_Wtime();
    if (at - last > longest) { longest = at - last; longest_at = last - begun; }
    slow += at - last > 0.5;
    last = at;
    done = step;
    if (me == 0 && (step == 1 || steps < 10 || step % (steps / 10) == 0)) {
      printf("heat: step %d of %d after %.1f s\n", step, steps, at - begun);
      fflush(stdout);
    }
  }

  uint64_t hash = 14695981039346656037ULL;
  if (me > 0) MPI_Recv(&hash, 1, MPI_UINT64_T, me - 1, 3, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  hash = fingerprint(hash, row(now, columns, 1), (size_t)band * columns);
  if (me < all - 1) MPI_Send(&hash, 1, MPI_UINT64_T, me + 1, 3, MPI_COMM_WORLD);
  else if (all > 1) MPI_Send(&hash, 1, MPI_UINT64_T, 0, 4, MPI_COMM_WORLD);
  if (me == 0 && all > 1) MPI_Recv(&hash, 1, MPI_UINT64_T, all - 1, 4, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  if (me == 0) printf("heat: result %016" PRIx64 " change %.17g seconds %.2f longest %.3f at %.1f slow %d steps %d\n", hash, agreed[0], last - begun, longest, longest_at, slow,
                      done);
  MPI_Finalize();
  return 0;
}
