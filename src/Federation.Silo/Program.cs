using Federation.Silo.Hosting;

try
{
    await FederationHost.Run(args);
    return 0;
}
catch (Exception fault) when (RefusedStart.SentenceOf(fault) is { } sentence)
{
    Console.Error.WriteLine(sentence);
    return 1;
}
