/* Programs that talk as known kernels do. usage: kernels KIND WORK BYTES STEPS
   halo: each step computes, then exchanges BYTES with both neighbours of a ring of ranks, and every eighth step sums one number;
   transpose: each step computes, then sends BYTES to every other rank; sweep: BYTES go along the ranks and back, each computing
   before it hands on; dots: each step computes and sums twice, and exchanges BYTES with the rank's partner.
   WORK: thousand multiplications a step, each 20 of them in 0.3 ms. The sum at the end is the same on every run. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

/* A slow core of an even pace: so much work in so long, the rest of it asleep. A quota alone would not do: it fills again while a
   rank waits, so that what a wait takes is given back to the computing behind it. */
#define SLICE_THOUSANDS 20
#define SLICE_NS 300000L

static int rank, ranks, bytes;
static double value = 1;
static char *out, *in;

static void compute(long thousands)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    for (; thousands > 0; thousands -= SLICE_THOUSANDS) {
        for (long i = 0; i < SLICE_THOUSANDS * 1000; i++) value = value * 0.999999 + 1e-6;
        until.tv_nsec += SLICE_NS;
        if (until.tv_nsec >= 1000000000L) { until.tv_nsec -= 1000000000L; until.tv_sec++; }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}

static void sum(void)
{
    double all;
    MPI_Allreduce(&value, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    value = all / ranks;
}

static void swap(int to, int from)
{
    MPI_Sendrecv(out, bytes, MPI_BYTE, to, 1, in, bytes, MPI_BYTE, from, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void halo(long work, int step)
{
    compute(work);
    swap((rank + 1) % ranks, (rank + ranks - 1) % ranks);
    swap((rank + ranks - 1) % ranks, (rank + 1) % ranks);
    if (step % 8 == 7) sum();
}

static void transpose(long work)
{
    compute(work);
    MPI_Alltoall(out, bytes, MPI_BYTE, in, bytes, MPI_BYTE, MPI_COMM_WORLD);
}

static void sweep(long work)
{
    for (int way = 1; way >= -1; way -= 2) {
        int before = rank - way, after = rank + way;
        if (before >= 0 && before < ranks) MPI_Recv(in, bytes, MPI_BYTE, before, 2, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        compute(work);
        if (after >= 0 && after < ranks) MPI_Send(out, bytes, MPI_BYTE, after, 2, MPI_COMM_WORLD);
    }
}

static void dots(long work)
{
    compute(work);
    sum();
    swap(rank ^ 1, rank ^ 1);
    sum();
}

int main(int count, char **arguments)
{
    MPI_Init(&count, &arguments);
    prctl(PR_SET_TIMERSLACK, 1);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (count != 5 || ranks % 2) MPI_Abort(MPI_COMM_WORLD, 2);
    const char *kind = arguments[1];
    long work = atol(arguments[2]);
    int steps = atoi(arguments[4]);
    bytes = atoi(arguments[3]);
    out = calloc(ranks, bytes);
    in = calloc(ranks, bytes);
    for (int step = 0; step < steps; step++)
        if (!strcmp(kind, "halo")) halo(work, step);
        else if (!strcmp(kind, "transpose")) transpose(work);
        else if (!strcmp(kind, "sweep")) sweep(work);
        else if (!strcmp(kind, "dots")) dots(work);
        else MPI_Abort(MPI_COMM_WORLD, 2);
    sum();
    if (!rank) printf("sum %.17g\n", value);
    MPI_Finalize();
    return 0;
}
