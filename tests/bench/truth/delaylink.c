/* A link between sites: a switch whose ports are the sites' uplinks. A frame from one port leaves by another after it was
   serialised at the link's rate and the one-way delay has passed. Each ordered pair of ports is a link of its own: a queue,
   first in first out, that drops what does not fit. Frames carry their offload header (virtio), so that checksums and
   segments that a card would finish go through as they are.
   usage: delaylink DELAY_US RATE_MBIT QUEUE_BYTES IFACE IFACE...   On SIGTERM it prints a line for each link that was used. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORTS 4
#define MACS 64
#define WHOLE 70000

struct frame { struct frame *next; long due; int length; unsigned char data[]; };
struct link { struct frame *first, *last; long free, queued, sent, bytes, dropped, late; };
static struct { unsigned char mac[6]; int port; } known[MACS];
static int knownCount, ports, sockets[PORTS];
static struct link links[PORTS][PORTS];
static volatile sig_atomic_t ended;

static void end(int signal) { (void)signal; ended = 1; }
static void fail(const char *what) { perror(what); exit(1); }

static long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int openPort(const char *name)
{
    int s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), on = 1, buffer = 64 << 20;
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name) };
    struct packet_mreq all = { .mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
    if (s < 0 || address.sll_ifindex == 0
        || setsockopt(s, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on)
        || setsockopt(s, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on)
        || setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer)
        || setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer)
        || bind(s, (void *)&address, sizeof address)
        || setsockopt(s, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all))
        fail(name);
    return s;
}

/* The port behind which an address was seen; -1: not seen, or a group's. */
static int portOf(const unsigned char *mac)
{
    for (int i = 0; i < knownCount; i++)
        if (!memcmp(known[i].mac, mac, 6)) return known[i].port;
    return -1;
}

static void learn(const unsigned char *mac, int port)
{
    if (portOf(mac) >= 0 || knownCount == MACS) return;
    memcpy(known[knownCount].mac, mac, 6);
    known[knownCount++].port = port;
}

static void enqueue(struct link *link, const unsigned char *data, int length, long at, double nsPerByte, long delay, long room)
{
    int wire = length - (int)sizeof(struct virtio_net_hdr);
    if (link->queued + wire > room && link->queued > 0) { link->dropped++; return; }
    struct frame *frame = malloc(sizeof *frame + length);
    if (!frame) fail("malloc");
    if (link->free < at) link->free = at;
    link->free += (long)(wire * nsPerByte);
    *frame = (struct frame){ .due = link->free + delay, .length = length };
    memcpy(frame->data, data, length);
    if (link->last) link->last->next = frame; else link->first = frame;
    link->last = frame;
    link->queued += wire;
}

/* Sends what is due; the next instant at which something will be, or LONG's end. */
static long deliver(void)
{
    long next = __LONG_MAX__;
    for (int from = 0; from < ports; from++)
        for (int to = 0; to < ports; to++) {
            struct link *link = &links[from][to];
            struct frame *frame;
            long t;
            while ((frame = link->first) && frame->due <= (t = now())) {
                int wire = frame->length - (int)sizeof(struct virtio_net_hdr);
                if (send(sockets[to], frame->data, frame->length, 0) < 0) link->dropped++;
                if (t - frame->due > link->late) link->late = t - frame->due;
                if (!(link->first = frame->next)) link->last = NULL;
                link->queued -= wire; link->sent++; link->bytes += wire;
                free(frame);
            }
            if (frame && frame->due < next) next = frame->due;
        }
    return next;
}

int main(int count, char **arguments)
{
    static unsigned char data[WHOLE];
    if (count < 6 || count - 4 > PORTS) { fprintf(stderr, "usage: delaylink DELAY_US RATE_MBIT QUEUE_BYTES IFACE IFACE...\n"); return 2; }
    long delay = atol(arguments[1]) * 1000, room = atol(arguments[3]);
    double nsPerByte = 8e3 / atof(arguments[2]);
    struct pollfd waits[PORTS];
    ports = count - 4;
    for (int i = 0; i < ports; i++) waits[i] = (struct pollfd){ .fd = sockets[i] = openPort(arguments[4 + i]), .events = POLLIN };
    struct sched_param high = { .sched_priority = 50 };
    if (sched_setscheduler(0, SCHED_FIFO, &high)) perror("no real-time priority");
    mlockall(MCL_CURRENT | MCL_FUTURE);
    prctl(PR_SET_TIMERSLACK, 1);
    signal(SIGTERM, end);
    signal(SIGINT, end);
    printf("ready\n"); fflush(stdout);
    while (!ended) {
        long next = deliver(), left = next == __LONG_MAX__ ? 100000000L : next - now();
        struct timespec wait = { 0, left < 0 ? 0 : left > 100000000L ? 100000000L : left };
        ppoll(waits, ports, &wait, NULL);
        for (int from = 0; from < ports; from++)
            for (int burst = 0; burst < 32; burst++) {
                int length = recv(sockets[from], data, sizeof data, MSG_DONTWAIT);
                if (length <= (int)sizeof(struct virtio_net_hdr)) break;
                const unsigned char *ethernet = data + sizeof(struct virtio_net_hdr);
                learn(ethernet + 6, from);
                int to = portOf(ethernet);
                long at = now();
                for (int port = 0; port < ports; port++)
                    if (port != from && (to == port || to < 0)) enqueue(&links[from][port], data, length, at, nsPerByte, delay, room);
            }
    }
    for (int from = 0; from < ports; from++) {
        struct tpacket_stats missed = { 0 };
        socklen_t size = sizeof missed;
        getsockopt(sockets[from], SOL_PACKET, PACKET_STATISTICS, &missed, &size);
        if (missed.tp_drops) printf("%s: not taken in, dropped %u\n", arguments[4 + from], missed.tp_drops);
    }
    for (int from = 0; from < ports; from++)
        for (int to = 0; to < ports; to++)
            if (links[from][to].sent)
                printf("%s>%s frames %ld bytes %ld dropped %ld latest %ld us\n", arguments[4 + from], arguments[4 + to],
                    links[from][to].sent, links[from][to].bytes, links[from][to].dropped, links[from][to].late / 1000);
    return 0;
}
