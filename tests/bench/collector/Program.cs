using System.Globalization;
using Federation.Collector.Bench;
using Federation.Collector.Bench.Bounded;

// What the collector costs at the size that it is made for, on loopback. One part of it a run, so that each is short:
//   ingest DATABASE [WINDOWS]   10,000 VMs on 500 hosts, 20 peers each: reports/s through the whole service
//   query DATABASE    a matrix of 1,000 VMs over 10 windows, from memory and from the store
//   store             windows/s that the stores alone append and acknowledge
//   memory [VMS DATABASE]   a VM grain, idle and with its windows: its memory, and how long it takes to activate
//   federation SILOS [tls]  one to three silos of as many sites over one PostgreSQL: API requests/s and how long they take, also by mutual TLS
//   network HOSTS VMS CHANGES   until all hosts of an application's network know where a VM is, and until a new host has all of it
//   soak MINUTES      three silos under a steady load
//   bounded a|b|c|d|e|all RUNS, bounded soak MINUTES   what one user, file or price costs the others; tests/bench/bounded.sh says more
// DATABASE is sqlite or postgres.
switch (args)
{
    case ["ingest", var kind]:
        await ServiceRun.Ingest(kind, 8);
        break;
    case ["ingest", var kind, var windows]:
        await ServiceRun.Ingest(kind, int.Parse(windows, CultureInfo.InvariantCulture));
        break;
    case ["query", var kind]:
        await ServiceRun.Query(kind);
        break;
    case ["store"]:
        await StoreRun.Run();
        break;
    case ["memory"]:
        await MemoryRun.Run(10_000, "sqlite");
        break;
    case ["memory", var vms, var kind]:
        await MemoryRun.Run(int.Parse(vms, CultureInfo.InvariantCulture), kind);
        break;
    case ["federation", var silos]:
        await FederationRun.Run(int.Parse(silos, CultureInfo.InvariantCulture), encrypted: false);
        break;
    case ["federation", var silos, "tls"]:
        await FederationRun.Run(int.Parse(silos, CultureInfo.InvariantCulture), encrypted: true);
        break;
    case ["network", var hosts, var vms, var changes]:
        await NetworkRun.Run(int.Parse(hosts, CultureInfo.InvariantCulture), int.Parse(vms, CultureInfo.InvariantCulture), int.Parse(changes, CultureInfo.InvariantCulture));
        break;
    case ["soak", var minutes]:
        await SoakRun.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
        break;
    case ["bounded", "soak", var minutes]:
        return await BoundedSoak.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), Scale.Read()) ? 0 : 2;
    case ["bounded", "all", var runs]:
        return await BoundedRun.Run("abcde", int.Parse(runs, CultureInfo.InvariantCulture), Scale.Read()) ? 0 : 2;
    case ["bounded", "a" or "b" or "c" or "d" or "e", var runs]:
        return await BoundedRun.Run(args[1], int.Parse(runs, CultureInfo.InvariantCulture), Scale.Read()) ? 0 : 2;
    default:
        Console.Error.WriteLine("ingest sqlite|postgres [WINDOWS], query sqlite|postgres, store, memory [VMS sqlite|postgres] federation 1|2|3 [tls], network HOSTS VMS CHANGES, soak MINUTES or bounded a|b|c|d|e|all RUNS or soak MINUTES");
        return 1;
}

return 0;
