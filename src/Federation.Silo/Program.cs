using Federation.Silo.Hosting;

await FederationHost.Build(args).RunAsync();
