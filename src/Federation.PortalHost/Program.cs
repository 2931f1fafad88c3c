using Federation.PortalHost;

return await PortalProgram.Run(args);
