// pcapcount INTERFACE: the least that a libpcap program in C can do: counts frames by source and destination address. At SIGTERM prints
// what it counted, what libpcap lost, and its CPU seconds.
#include <pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SLOTS = 1 << 16 };
static struct { unsigned char key[8]; long packets, bytes; } slots[SLOTS];
static long packets;
static pcap_t *device;

static void on_term(int signal) { (void)signal; pcap_breakloop(device); }

static void count(u_char *user, const struct pcap_pkthdr *header, const u_char *data) {
  (void)user;
  packets++;
  unsigned long long pair;
  memcpy(&pair, data + 26, 8);
  unsigned at = (pair * 0x9E3779B97F4A7C15ULL) >> 48;
  while (slots[at].packets && memcmp(slots[at].key, &pair, 8)) at = (at + 1) % SLOTS;
  memcpy(slots[at].key, &pair, 8);
  slots[at].packets++;
  slots[at].bytes += header->len;
}

int main(int argc, char **argv) {
  char error[PCAP_ERRBUF_SIZE];
  if (argc < 2 || !(device = pcap_create(argv[1], error))) return 2;
  pcap_set_snaplen(device, 74);
  pcap_set_buffer_size(device, 4 << 20);
  pcap_set_timeout(device, 100);
  if (pcap_activate(device) < 0) return fprintf(stderr, "%s\n", pcap_geterr(device)), 1;
  struct sigaction action = {.sa_handler = on_term};
  sigaction(SIGTERM, &action, NULL);
  puts("ready");
  fflush(stdout);
  while (pcap_dispatch(device, -1, count, NULL) >= 0) {}
  struct pcap_stat stat = {0};
  pcap_stats(device, &stat);
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  printf("packets=%ld dropped=%u user=%ld.%03ld system=%ld.%03ld\n", packets, stat.ps_drop, used.ru_utime.tv_sec,
         used.ru_utime.tv_usec / 1000, used.ru_stime.tv_sec, used.ru_stime.tv_usec / 1000);
  return 0;
}
