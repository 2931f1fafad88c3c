namespace Federation.Cli.Tests.Making;

/// <summary>Documents as the service gives them.</summary>
internal static class Recorded
{
    public const string Site = """
        {"site":"rennes","revision":3,"spec":{"site":"rennes","kind":"grid","region":"eu-west","offers":[{"name":"std-4"}]},
         "holds":[{"application":"cg","vm":"vm1","offer":"std-4","state":"occupied","since":"2026-11-23T17:00:00Z","reservation":"cg.1.1"}]}
        """;

    public const string SiteOfAdministrator = """
        {"site":"rennes","revision":3,"spec":{"site":"rennes","kind":"grid","region":"eu-west","offers":[{"name":"std-4"}]},"holds":[],
         "use":{"vcpus":8,"memoryBytes":17179869184,"vms":2},
         "figures":{"hosts":[{"host":"h1","state":"ready","vms":2,"size":{"vcpus":16,"memoryBytes":34359738368,"diskBytes":0},
           "used":{"vcpus":8,"memoryBytes":17179869184,"diskBytes":0},"free":{"vcpus":8,"memoryBytes":17179869184,"diskBytes":0}}],
          "resources":[{"resource":"vcpus","size":32,"used":8,"free":24,"largestFree":16,"fragmentation":0.3333}],
          "offers":[{"offer":"std-4","fit":5,"inOnePiece":6}],
          "power":{"hostsOn":2,"hostsIdle":1,"atRestWatts":180,"idleWatts":90,"vcpuWatts":64},
          "tenants":[{"tenant":"astro","vms":1,"vcpus":6,"memoryBytes":8589934592,"share":0.1875,"resource":"vcpus"},
                     {"tenant":"bio","vms":1,"vcpus":2,"memoryBytes":8589934592,"share":0.125,"resource":"memory"}],
          "fairness":0.962}}
        """;

    public const string Advice = """
        {"site":"rennes","hostsInUse":3,"bound":1,"isProven":false,"emptied":["h1"],"wattsSaved":90,
         "moves":[{"application":"cg","vm":"vm1","from":"h1","toHost":"h2","isCold":false,"bytes":4300000000,"duration":3.5,"downtime":0.11},
                  {"application":"cg","vm":"vm2","from":"h1","toSite":"aws","toOffer":"m5","isCold":true,"bytes":4300000000,"duration":60,"downtime":60}],
         "held":[{"host":"h2","state":"ready","why":[]},{"host":"h3","state":"ready","why":[{"application":"ft","name":"vm1","reason":"quiet hours","code":"quietHours"}]}],
         "plans":["cg.1.7"],"notProposed":[{"application":"ft","reason":"too much waits","code":"plansWaiting"}]}
        """;

    public const string Vm = """
        {"application":"cg","vm":"vm1","addresses":["10.42.0.1"],"at":{"site":"rennes","offer":"std-4"},"epoch":2,
         "lastWindow":"2026-11-23T17:59:30Z"}
        """;

    public const string Application = $$"""
        {"application":"cg","revision":1,"version":"2.1","spec":{"application":"cg","tenant":"astro","objective":"cost","remaining":"2h"},
         "vms":[{{Vm}},{"application":"cg","vm":"vm2","addresses":["10.42.0.2"],"at":null,"epoch":0,"lastWindow":null}]}
        """;

    public const string Network = """
        {"application":"cg","number":7,"mtu":1370,"subnet":"10.42.0.0/24","revision":11,
         "interfaces":[{"vm":"vm1","nic":0,"mac":"52:54:00:00:00:01","addresses":["10.42.0.1"],"host":"rennes/h1","next":"aws/h1","sendingOn":[]},
                       {"vm":"vm2","nic":0,"mac":"52:54:00:00:00:02","addresses":["10.42.0.2"],"host":"aws/h1","sendingOn":["rennes/h1"]}],
         "hosts":[{"host":"aws/h1","address":"192.0.2.3","mtu":1500,"acknowledged":11,"due":11},
                  {"host":"rennes/h1","address":"192.0.2.1","mtu":1500,"acknowledged":11,"due":11},
                  {"host":"rennes/h2","address":"192.0.2.2","mtu":1500,"acknowledged":3,"due":11,"behindSince":"2026-11-23T17:59:30Z"}],
         "leaving":[]}
        """;

    public const string Groups = """
        {"application":"cg","groups":[{"id":"g1","members":["vm1","vm2"],"since":"2026-11-23T17:40:00Z"}],
         "windows":[{"start":"2026-11-23T17:40:00Z","groups":[["vm1","vm2"]]}],
         "history":[{"kind":"formed","began":"2026-11-23T17:40:00Z","confirmed":"2026-11-23T17:41:00Z","text":"g1 formed"}],
         "detection":{"metric":"bytes","metricWhy":"egress costs most","detector":"greedy","detectorWhy":"2 VMs talk"}}
        """;

    public const string Traffic = """
        {"application":"cg","as":"mean",
         "matrices":[{"start":null,"seconds":60,"pairs":[{"source":"vm1","destination":"vm2","packets":10.5,"bytes":2500}],
                      "outside":[{"vm":"vm1","sentPackets":1,"sentBytes":60,"receivedPackets":0,"receivedBytes":0}]}],
         "windows":[{"start":"2026-11-23T17:59:00Z","approximate":false,"silent":["vm2"],"partial":[]},
                    {"start":"2026-11-23T17:59:30Z","approximate":true,"silent":[],"partial":["vm1"]}]}
        """;

    public const string Migration = """
        {"id":"cg.1.1.1","plan":"cg.1.1","application":"cg","vm":"vm1","from":{"site":"aws","offer":"m5"},
         "to":{"site":"rennes","offer":"std-4"},"phase":"rolledBack","epoch":3,"startedAt":"2026-11-23T18:00:00Z",
         "endedAt":"2026-11-23T18:00:20Z","reason":"the target host went away"}
        """;

    public static string Plan(string state = "proposed", string decision = "migrate") => $$"""
        {"id":"cg.1.1","state":"{{state}}","madeAt":"2026-11-23T18:00:00Z","application":"cg","objective":"cost",
         "decision":"{{decision}}","status":"optimal","bound":0.5,"gap":0,
         "before":{"hosting":1.6,"traffic":0,"moving":0,"cost":1.6,"time":7200,"utilization":0.5},
         "after":{"hosting":0.5,"traffic":0,"moving":0,"cost":0.5,"time":7300,"utilization":0.5},
         "placement":[{"vm":"vm1","site":"rennes","offer":"std-4","hosting":0.5,"traffic":0,"moving":0}],
         "steps":[{"vm":"vm1","from":{"site":"aws","offer":"m5"},"to":{"site":"rennes","offer":"std-4"},
                   "bytes":4300000000,"duration":14,"downtime":0.3}],
         "why":["a gain of 1.1"],"rejected":[{"site":"lyon","reason":"quota: no vCPU is left"}]}
        """;

    public static string Applied(string state, bool did = true) =>
        $$"""{"plan":{{Plan(state)}},"did":{{(did ? "true" : "false")}},"text":"plan cg.1.1 is being applied"}""";

    public static string Event(int sequence, string text = "cg moved") => $$"""
        {"sequence":{{sequence}},"at":"2026-11-23T18:00:00Z","kind":"migration","application":"cg","site":null,"text":"{{text}}"}
        """;
}
