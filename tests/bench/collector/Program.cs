using Federation.Collector.Bench;

// What the collector costs at the size that it is made for, on loopback. One part of it a run, so that each is short:
//   ingest DATABASE   10,000 VMs on 500 hosts, 20 peers each: reports/s through the whole service
//   query DATABASE    a matrix of 1,000 VMs over 10 windows, from memory and from the store
//   store             windows/s that the stores alone append and acknowledge
//   memory            a VM grain, idle and with its windows
// DATABASE is sqlite or postgres.
switch (args)
{
    case ["ingest", var kind]:
        await ServiceRun.Ingest(kind);
        break;
    case ["query", var kind]:
        await ServiceRun.Query(kind);
        break;
    case ["store"]:
        await StoreRun.Run();
        break;
    case ["memory"]:
        await MemoryRun.Run();
        break;
    default:
        Console.Error.WriteLine("ingest|query sqlite|postgres, store or memory");
        return 1;
}

return 0;
